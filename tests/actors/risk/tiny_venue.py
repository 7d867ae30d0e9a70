"""A venue in miniature: it trades what risk approved, and honours reduce-only.

It knows nothing of how risk counts. How far a position can go is found by trying out every order in
which its orders could trade.
"""

from dataclasses import dataclass, replace
from functools import cache

from schemas.order import Ticket


@dataclass(frozen=True)
class AtVenue:
    """An order, or a leg that sleeps until its entry has traded."""

    name: str
    strategy: str
    instrument: str
    sign: int
    left: int
    reduces: bool
    parent: str | None = None
    awake: bool = True

    def tradable(self, net: int) -> int:
        """Units that can trade while the account's position is ``net``."""
        if not self.awake:
            return 0
        return min(self.left, max(-net * self.sign, 0)) if self.reduces else self.left


class TinyVenue:
    """Working orders by name, and net positions by instrument."""

    def __init__(self) -> None:
        self.orders: dict[str, AtVenue] = {}
        self.net: dict[str, int] = {}

    def position(self, instrument: str) -> int:
        return self.net.get(instrument, 0)

    def submit(self, of: Ticket) -> None:
        name, sign, size = of.client_order_id, of.side.sign, int(of.quantity)
        entry = AtVenue(name, of.strategy, of.instrument, sign, size, of.terms.reduce_only)
        self.orders[name] = entry
        if of.terms.is_bracket:
            leg = replace(entry, sign=-sign, reduces=True, parent=name, awake=False)
            for suffix in ("SL", "TP"):
                self.orders[f"{name}-{suffix}"] = replace(leg, name=f"{name}-{suffix}")

    def trade(self, order: AtVenue, units: int) -> None:
        """Trade a part of an order; its legs awake."""
        self.net[order.instrument] = self.position(order.instrument) + order.sign * units
        self.orders[order.name] = replace(order, left=order.left - units)
        if order.left == units:
            del self.orders[order.name]
        for name, leg in self.orders.items():
            if leg.parent == order.name:
                self.orders[name] = replace(leg, awake=True)

    def cancel(self, order: AtVenue) -> None:
        """Withdraw an order; legs that still sleep end with it."""
        del self.orders[order.name]
        for name, leg in list(self.orders.items()):
            if leg.parent == order.name and not leg.awake:
                del self.orders[name]

    def extremes(self, instrument: str) -> tuple[int, int]:
        """The lowest and highest position that the working orders can lead to."""
        working = frozenset(o for o in self.orders.values() if o.instrument == instrument)
        return _extremes(self.position(instrument), working)

    def farthest(self, instrument: str) -> int:
        """The larger distance of the two from flat."""
        return max(map(abs, self.extremes(instrument)))


@cache
def _extremes(net: int, orders: frozenset[AtVenue]) -> tuple[int, int]:
    low = high = net
    for order in orders:
        if units := order.tradable(net):
            rest = frozenset(
                replace(other, awake=True) if other.parent == order.name else other
                for other in orders - {order}
            )
            reached = _extremes(net + order.sign * units, rest)
            low, high = min(low, reached[0]), max(high, reached[1])
    return low, high
