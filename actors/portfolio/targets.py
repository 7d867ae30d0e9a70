"""From where a strategy stands to where it wants to be."""

from dataclasses import dataclass
from decimal import Decimal

from actors.portfolio.blotter import Blotter, WorkingOrder
from schemas.quantities import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a strategy has in an instrument, in signed units.

    Attributes:
        held: by fills; in_flight: market orders that have not traded yet.
        entries: orders that wait for a price and may open a position.
    """

    held: Quantity
    in_flight: Quantity
    entries: Quantity

    @property
    def settled(self) -> Quantity:
        """What is held once the market orders have traded."""
        return self.held + self.in_flight

    def delta(self, wanted: Quantity) -> Quantity:
        """Signed units to trade to arrive at ``wanted``.

        Entries that wait count while they lead the same way, so that a signal said twice is not
        traded twice. Towards flat or the other side they do not: they are withdrawn.
        """
        expected = self.settled + self.entries
        leads_there = wanted != 0 and expected * wanted >= 0
        return wanted - (expected if leads_there else self.settled)

    def is_reduced_by(self, delta: Quantity) -> bool:
        """Whether trading ``delta`` brings the position nearer to flat and not beyond."""
        return self.held * delta < 0 and abs(delta) <= abs(self.held)


def standing(blotter: Blotter, strategy: str, instrument: str) -> Standing:
    """Where a strategy stands in an instrument."""
    in_flight = entries = Decimal(0)
    for order in blotter.orders(strategy, instrument):
        if not order.rests:
            in_flight += order.signed
        elif order.parent is None:
            entries += order.signed
    held = blotter.held(strategy, instrument)
    return Standing(held=held, in_flight=in_flight, entries=entries)


def outlived(blotter: Blotter, order: WorkingOrder) -> tuple[WorkingOrder, ...]:
    """Resting orders that lose their sense once ``order`` trades, oldest first.

    An entry goes when it leads away from the position that is left, a leg when it protects another
    than that. ``order`` itself and its own legs stay.
    """
    left = standing(blotter, order.strategy, order.instrument).settled
    return tuple(
        other
        for other in blotter.orders(order.strategy, order.instrument)
        if other.rests
        and order.client_order_id not in (other.client_order_id, other.parent)
        and left * _position_of(other) <= 0
    )


def _position_of(order: WorkingOrder) -> int:
    """The sign of the position that an order opens or protects."""
    return order.side.sign if order.parent is None else -order.side.sign
