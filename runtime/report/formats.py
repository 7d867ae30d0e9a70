"""How a report writes numbers and times."""

from datetime import UTC, datetime
from decimal import Decimal

from schemas.quantities import SECOND_NS, Nanoseconds

MINUS = "−"


def moment(ts: Nanoseconds) -> str:
    """A time to the second, UTC."""
    return f"{datetime.fromtimestamp(ts // SECOND_NS, UTC):%Y-%m-%d %H:%M:%S}"


def exact_moment(ts: Nanoseconds) -> str:
    """A time to the millisecond, UTC."""
    return f"{moment(ts)}.{ts % SECOND_NS // 1_000_000:03d}"


def money(amount: Decimal | float, *, sign: bool = False) -> str:
    """An amount with two decimals and thousands apart; with ``sign``, gains have a plus."""
    return f"{amount:{'+' if sign else ''},.2f}".replace("-", MINUS)


def percent(fraction: float, digits: int = 2, *, sign: bool = False) -> str:
    """A fraction as per cent."""
    return f"{fraction:{'+' if sign else ''}.{digits}%}".replace("-", MINUS)


def plain(value: Decimal) -> str:
    """A price or size as exactly what it is, without an exponent."""
    return f"{value:f}".replace("-", MINUS)


def tone(amount: Decimal | float) -> str:
    """The style of a gain or loss."""
    return "gain" if amount > 0 else "loss" if amount < 0 else ""
