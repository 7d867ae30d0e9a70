"""Fills: what the venue traded."""

from typing import Final

from projections.tables.column import exact, term, text
from projections.tables.event_table import Values, event_table
from schemas.order import OrderFilled


def _values(fill: OrderFilled) -> Values:
    return (
        fill.client_order_id,
        fill.strategy,
        fill.instrument,
        fill.side.value,
        fill.quantity,
        fill.price,
        fill.commission.amount,
        fill.commission.currency,
        fill.liquidity,
        fill.trade_id,
        fill.venue_order_id,
    )


FILLS: Final = event_table(
    "fills",
    (OrderFilled,),
    (
        text("client_order_id"),
        term("strategy"),
        term("instrument"),
        term("side"),
        exact("quantity"),
        exact("price"),
        exact("commission"),
        term("commission_currency"),
        term("liquidity"),
        text("trade_id"),
        text("venue_order_id"),
    ),
    _values,
)
"""A row a trade; ``quantity`` is unsigned, ``side`` says which way."""
