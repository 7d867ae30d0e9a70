"""Says how the markets and the decisions of a cell were doing, a report for each window."""

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from actors.monitoring.window import COUNTED, PRICES, Market, Window, opened, with_event
from schemas.envelope import AnyEvent
from schemas.health import HealthReported
from schemas.quantities import SECOND_NS, Nanoseconds
from schemas.registry import Payload

AUTHOR: Final = "monitoring.health"

_MS: Final = 1_000_000


class HealthConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How closely to look.

    Attributes:
        window_ms: market time of a window.
        max_silence_ms: an instrument that was silent for longer is not well; 0 never minds.
    """

    window_ms: Annotated[int, Meta(gt=0)] = 60_000
    max_silence_ms: Annotated[int, Meta(ge=0)] = 60_000


class HealthState(msgspec.Struct, frozen=True):
    """The window that is filled, and the one that the last event closed."""

    window: Window | None = None
    closed: Window | None = None


class Health:
    """A decider without influence: what it says is no decision, and nobody trades on it.

    A window is reported by the first event behind its end. Latencies by the clock are left to
    telemetry: a decider knows no clock, and its answers must come out the same on replay.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = frozenset((*PRICES, *COUNTED))
    answers: Final = consumes

    def __init__(self, config: HealthConfig) -> None:
        self._length: Final = config.window_ms * _MS
        self._max_silence: Final = config.max_silence_ms * _MS

    def initial(self) -> HealthState:
        """Before any event."""
        return HealthState()

    def evolve(self, state: HealthState, event: AnyEvent) -> HealthState:
        """Count the event in its window, a new one where it is behind the end of the last."""
        window = state.window
        if window is not None and event.ts < window.end:
            return HealthState(window=with_event(window, event))
        began = opened(event.ts, self._length, window)
        return HealthState(window=with_event(began, event), closed=window)

    def decide(self, state: HealthState, event: AnyEvent) -> Iterable[Payload]:
        """Report the window that the event closed."""
        del event
        return () if state.closed is None else reports(state.closed, self._max_silence)


def reports(window: Window, max_silence: Nanoseconds) -> tuple[HealthReported, ...]:
    """A report for each instrument, each source whose rows were counted, and the decisions of a
    window that is over.

    Args:
        max_silence: nanoseconds without a price after which an instrument is not well; 0 never.
    """
    markets = (
        _market(window, name, market, max_silence)
        for name, market in sorted(window.markets.items())
    )
    sources = (_source(window, name, rows) for name, rows in sorted(window.rows.items()))
    return (*markets, *sources, _decisions(window))


def _market(window: Window, name: str, market: Market, max_silence: Nanoseconds) -> HealthReported:
    silence = window.end - market.last
    measured = {
        "prices_per_s": market.prices * SECOND_NS / window.length,
        "silence_s": silence / SECOND_NS,
    }
    if market.spread_bps is not None:
        measured["spread_bps"] = market.spread_bps
    is_silent = 0 < max_silence < silence
    return HealthReported(
        component=f"market.{name}",
        healthy=not is_silent,
        measurements=measured,
        text=f"no price for {silence / SECOND_NS:.1f} s" if is_silent else "",
    )


def _source(window: Window, name: str, rows: int) -> HealthReported:
    rate = rows * SECOND_NS / window.length
    return HealthReported(
        component=f"source.{name}", healthy=True, measurements={"rows_per_s": rate}
    )


def _decisions(window: Window) -> HealthReported:
    measured = {f"{name}_per_s": window.rate(name) for name in COUNTED.values()}
    if orders := window.counts.get("orders", 0):
        measured["veto_rate"] = window.counts.get("vetoes", 0) / orders
    return HealthReported(component="decisions", healthy=True, measurements=measured)
