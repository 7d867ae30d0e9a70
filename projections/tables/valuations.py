"""What the account was worth, whenever it was valued."""

from typing import Final

from projections.tables.column import exact, number, term
from projections.tables.event_table import Values, event_table
from schemas.portfolio import PortfolioValued


def _values(valued: PortfolioValued) -> Values:
    return (
        valued.account,
        valued.currency,
        valued.balance,
        valued.unrealised,
        valued.equity,
        valued.exposure,
        valued.peak,
        valued.drawdown,
    )


VALUATIONS: Final = event_table(
    "valuations",
    (PortfolioValued,),
    (
        term("account"),
        term("currency"),
        exact("balance"),
        exact("unrealised"),
        exact("equity"),
        exact("exposure"),
        exact("peak"),
        number("drawdown"),
    ),
    _values,
)
"""``drawdown`` is the fall from ``peak`` as a fraction, 0 to 1."""
