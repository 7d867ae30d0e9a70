"""Positions as folds of fills."""

from schemas.quantities import Money, Price, Quantity
from schemas.registry import Payload, event


@event("position.changed", version=2)
class PositionChanged(Payload, frozen=True, kw_only=True):
    """A fill changed a net position.

    Attributes:
        quantity: signed units after the fill; negative is short.
        average_price: open price of what is held, in quote currency; ``None`` when flat.
        realised: profit of this fill against the average price, before commission.
        realised_total: the sum of it for this position's instrument and strategy.
        commission_total: commissions paid for them so far, a cost being positive.
        trade_id: the fill that caused it.
    """

    instrument: str
    strategy: str
    quantity: Quantity
    average_price: Price | None
    realised: Money
    realised_total: Money
    commission_total: Money
    trade_id: str
