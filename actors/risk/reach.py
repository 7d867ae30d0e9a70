"""How far positions can go, whichever of the working orders trade and in whatever order."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from actors.portfolio.blotter import Blotter, WorkingOrder
from schemas.order import Side
from schemas.quantities import Quantity

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reach:
    """The lowest and highest net position, in signed units, that can come about."""

    low: Quantity
    high: Quantity

    @property
    def most(self) -> Quantity:
        """The larger distance from flat."""
        return max(abs(self.low), abs(self.high))

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(self.low + other.low, self.high + other.high)

    def hull(self, other: "Reach") -> "Reach":
        """The smallest reach that holds both."""
        return Reach(min(self.low, other.low), max(self.high, other.high))

    @classmethod
    def of(cls, net: Quantity, orders: Iterable[WorkingOrder]) -> Self:
        """From a net position. What only reduces stops at flat, so it extends nothing."""
        opening = {Side.BUY: _ZERO, Side.SELL: _ZERO}
        reducing = {Side.BUY: _ZERO, Side.SELL: _ZERO}
        for order in orders:
            (reducing if order.reduces else opening)[order.side] += order.remaining
        return cls(
            net - opening[Side.SELL] - min(reducing[Side.SELL], max(net, _ZERO)),
            net + opening[Side.BUY] + min(reducing[Side.BUY], max(-net, _ZERO)),
        )


def reach(blotter: Blotter, instrument: str) -> Reach:
    """The reach of the account in an instrument.

    A venue that nets holds reduce-only orders to the account's position, one that hedges to that of
    the strategy. Which one it is need not be known: the answer holds for both.
    """
    working = [order for order in blotter.working.values() if order.instrument == instrument]
    net = {strategy: held for (strategy, name), held in blotter.net.items() if name == instrument}
    strategies = dict.fromkeys((*net, *(order.strategy for order in working)))
    hedged = Reach(_ZERO, _ZERO)
    for strategy in strategies:
        own = (order for order in working if order.strategy == strategy)
        hedged += Reach.of(net.get(strategy, _ZERO), own)
    return hedged.hull(Reach.of(sum(net.values(), _ZERO), working))
