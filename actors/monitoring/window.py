"""A window of market time and what happened in it: pure functions, whoever folds with them.

A decider folds one event at a time; a reader of the journal can fold whole steps, whose slices say
how many market rows passed that no event tells of.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from schemas.envelope import AnyEvent, Step
from schemas.market import Bar, Gap, Quote, Trade
from schemas.order import OrderFilled, OrderRequested, OrderVetoed
from schemas.quantities import SECOND_NS, Nanoseconds
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld

COUNTED: Final[dict[type[Payload], str]] = {
    SignalRaised: "signals",
    SignalWithheld: "withheld",
    OrderRequested: "orders",
    OrderVetoed: "vetoes",
    OrderFilled: "fills",
    Gap: "gaps",
}
PRICES: Final = (Quote, Trade, Bar)


class Market(msgspec.Struct, frozen=True, gc=False):
    """One instrument in a window.

    Attributes:
        prices: quotes, trades and bars that were events in the window.
        last: market time of the last of them, of whatever window.
        spread_bps: of the last quote, in basis points of its mid; ``None`` before any.
    """

    prices: int = 0
    last: Nanoseconds = 0
    spread_bps: float | None = None


class Window(msgspec.Struct, frozen=True):
    """A stretch of market time, from ``start`` on and ``length`` nanoseconds long.

    Attributes:
        markets: by instrument.
        counts: what else happened, by the names in ``COUNTED``.
        rows: market rows that steps consumed, by source.
    """

    start: Nanoseconds
    length: Nanoseconds
    markets: Mapping[str, Market] = {}
    counts: Mapping[str, int] = {}
    rows: Mapping[str, int] = {}

    @property
    def end(self) -> Nanoseconds:
        """The first moment that is not in it."""
        return self.start + self.length

    def rate(self, name: str) -> float:
        """How many of something there were in a second."""
        return self.counts.get(name, 0) * SECOND_NS / self.length


def opened(at: Nanoseconds, length: Nanoseconds, before: Window | None = None) -> Window:
    """The window that holds a moment; windows begin at multiples of their length.

    What was last seen of each instrument in the window ``before`` is kept: silence counts.
    """
    quiet = {} if before is None else before.markets
    markets = {name: replace(market, prices=0) for name, market in quiet.items()}
    return Window(start=at - at % length, length=length, markets=markets)


def with_event(window: Window, event: AnyEvent) -> Window:
    """The window after an event in it."""
    payload = event.payload
    if isinstance(payload, PRICES):
        market = window.markets.get(payload.instrument, Market())
        spread = _spread_bps(payload) if isinstance(payload, Quote) else market.spread_bps
        seen = Market(prices=market.prices + 1, last=event.ts, spread_bps=spread)
        return replace(window, markets={**window.markets, payload.instrument: seen})
    name = COUNTED.get(type(payload))
    if name is None:
        return window
    return replace(window, counts={**window.counts, name: window.counts.get(name, 0) + 1})


def with_step(window: Window, step: Step) -> Window:
    """The window after a step in it, with the market rows that it consumed by source."""
    rows = dict(window.rows)
    for part in step.slices:
        rows[part.source] = rows.get(part.source, 0) + part.to_seq - part.from_seq + 1
    window = replace(window, rows=rows)
    for event in step.events:
        window = with_event(window, event)
    return window


def _spread_bps(quote: Quote) -> float:
    mid = quote.mid
    return float((quote.ask - quote.bid) / mid * 10_000) if mid else 0.0
