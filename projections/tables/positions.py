"""Positions: what is held after each fill, and what the fill realised."""

from typing import Final

from projections.tables.column import exact, optional_exact, term, text
from projections.tables.event_table import Values, event_table
from schemas.position import PositionChanged


def _values(position: PositionChanged) -> Values:
    average = position.average_price
    return (
        position.instrument,
        position.strategy,
        position.quantity,
        average,
        position.realised.amount,
        position.realised_total.amount,
        position.commission_total.amount,
        position.realised.currency,
        position.trade_id,
    )


POSITIONS: Final = event_table(
    "positions",
    (PositionChanged,),
    (
        term("instrument"),
        term("strategy"),
        exact("quantity"),
        optional_exact("average_price"),
        exact("realised"),
        exact("realised_total"),
        exact("commission_total"),
        term("currency"),
        text("trade_id"),
    ),
    _values,
)
"""``quantity`` is signed: negative is short; ``average_price`` is null when flat."""
