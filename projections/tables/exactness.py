"""How integers become exact decimals in SQL: ``mantissa * 10**-precision``, up to 18 places."""

from projections.tables.column import DECIMAL_PLACES


def decimal_sql(mantissa: str, precision: str) -> str:
    """The exact decimal of a whole-number expression; 256 bits leave no digit out."""
    return f"toDecimal256({mantissa}, {DECIMAL_PLACES}) / intExp10({precision})"


def price_sql(mantissa: str) -> str:
    """The exact price behind a mantissa of a tick table named ``t``."""
    return decimal_sql(f"t.{mantissa}", "t.price_precision")


def size_sql(mantissa: str) -> str:
    """The exact size behind a mantissa of a tick table named ``t``."""
    return decimal_sql(f"t.{mantissa}", "t.size_precision")
