"""What a run came to, as a fold of its steps: counts, equity and round trips."""

from array import array
from collections import Counter
from decimal import Decimal
from typing import Final

from runtime.report.trips import CONSUMES, RoundTrips
from schemas.envelope import Step
from schemas.market import Bar
from schemas.order import OrderFilled, OrderRequested, OrderVetoed
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld

COUNTED: Final[dict[type[Payload], str]] = {
    Bar: "bars",
    SignalRaised: "signals",
    OrderRequested: "orders",
    OrderVetoed: "vetoes",
    SignalWithheld: "withheld",
    OrderFilled: "fills",
}


class Tally:
    """Folds steps; of the past it keeps a point a valuation and a line a round trip.

    Attributes:
        times, equity: market times (ns) and values of every ``portfolio.valued``; first, last: the
            exact values at the ends.
    """

    def __init__(self) -> None:
        self.counts: Final[Counter[str]] = Counter(dict.fromkeys(COUNTED.values(), 0))
        self.times: Final = array("q")
        self.equity: Final = array("d")
        self.round_trips: Final = RoundTrips()
        self.drawdown = 0.0
        self.first: Decimal | None = None
        self.last: Decimal | None = None

    @property
    def profit(self) -> Decimal:
        """The last equity less the first, exactly."""
        return Decimal(0) if self.first is None or self.last is None else self.last - self.first

    def add(self, step: Step) -> None:
        """Note a step."""
        for event in step.events:
            payload = event.payload
            if (name := COUNTED.get(type(payload))) is not None:
                self.counts[name] += 1
            if type(payload) in CONSUMES:
                self.round_trips.learn(event)
            elif isinstance(payload, PortfolioValued):
                self.times.append(event.ts)
                self.equity.append(float(payload.equity))
                self.first = payload.equity if self.first is None else self.first
                self.last = payload.equity
                self.drawdown = max(self.drawdown, payload.drawdown)
