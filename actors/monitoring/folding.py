"""Folding a whole log into windows: with the functions of the decider, and what only a reader sees.

A window begins and ends as it does for ``Health``: by the events that it watches, and by no other.
A reader also sees the market rows that passed, and how long what it reads was on its way; both
count in the window that is open when they are read.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.monitoring.health import reports
from actors.monitoring.stages import Stage, quantile, with_delay
from actors.monitoring.window import COUNTED, PRICES, Window, opened, with_event
from schemas.envelope import AnyEvent, Step
from schemas.health import HealthReported
from schemas.quantities import Nanoseconds
from schemas.registry import Payload

WATCHED: Final[tuple[type[Payload], ...]] = (*PRICES, *COUNTED)
"""Payload classes that open and close windows."""

_MS: Final = 1_000_000


class Measured(msgspec.Struct, frozen=True):
    """A window, with its market rows, and the delays of its stages by name."""

    window: Window
    stages: Mapping[str, Stage] = {}


class Fold(msgspec.Struct, frozen=True):
    """A log so far: the window that is filled, and what is counted in it."""

    window: Window | None = None
    rows: Mapping[str, int] = {}
    stages: Mapping[str, Stage] = {}

    @property
    def measured(self) -> Measured | None:
        """The window as it is now; ``None`` before the first."""
        if self.window is None:
            return None
        return Measured(replace(self.window, rows=self.rows), self.stages)


type Folded = tuple[Fold, Measured | None]
"""A log after something, and the window that it closed."""


def after_event(fold: Fold, event: AnyEvent, length: Nanoseconds, times: int = 1) -> Folded:
    """The log after an event, which is left alone unless it is watched.

    Args:
        length: of a window, in nanoseconds.
        times: above 1 when the event is the last of so many prices of its instrument that stand
            in one window, one after the other.
    """
    if not isinstance(event.payload, WATCHED):
        return fold, None
    closed = None
    if fold.window is None:
        fold = replace(fold, window=opened(event.ts, length))
    elif event.ts >= fold.window.end:
        closed = fold.measured
        fold = Fold(window=opened(event.ts, length, fold.window))
    assert fold.window is not None, "one was opened, or there was one"
    window = with_event(fold.window, event)
    if isinstance(event.payload, PRICES) and times > 1:
        name = event.payload.instrument
        market = window.markets[name]
        seen = replace(market, prices=market.prices + times - 1)
        window = replace(window, markets={**window.markets, name: seen})
    return replace(fold, window=window), closed


def after_step(fold: Fold, step: Step, length: Nanoseconds) -> Folded:
    """The log after a step: its events, which share one time, and the rows that it consumed."""
    closed = None
    for event in step.events:
        fold, over = after_event(fold, event, length)
        closed = over or closed
    for part in step.slices:
        fold = after_rows(fold, part.source, part.to_seq - part.from_seq + 1)
    return fold, closed


def after_rows(fold: Fold, source: str, count: int) -> Fold:
    """The log after market rows passed."""
    return replace(fold, rows={**fold.rows, source: fold.rows.get(source, 0) + count})


def after_delay(fold: Fold, stage: str, delay: Nanoseconds) -> Fold:
    """The log after something was on its way for so long."""
    stages = {**fold.stages, stage: with_delay(fold.stages.get(stage, Stage()), delay)}
    return replace(fold, stages=stages)


def cell_reports(measured: Measured, max_silence: Nanoseconds) -> tuple[HealthReported, ...]:
    """What ``Health`` says of the window, and a report for each stage."""
    return (*reports(measured.window, max_silence), *_stages(measured))


def source_reports(measured: Measured, max_silence: Nanoseconds) -> tuple[HealthReported, ...]:
    """As ``cell_reports``, for a log in which nobody decides: the gaps are the source's."""
    window = measured.window
    said = (each for each in reports(window, max_silence) if each.component != "decisions")
    gaps = {"gaps_per_s": window.rate("gaps")}
    of_markets_and_sources = (
        replace(each, measurements={**each.measurements, **gaps})
        if each.component.startswith("source.")
        else each
        for each in said
    )
    return (*of_markets_and_sources, *_stages(measured))


def _stages(measured: Measured) -> tuple[HealthReported, ...]:
    return tuple(
        HealthReported(
            component=f"stage.{name}", healthy=True, measurements=stage_measurements(stage)
        )
        for name, stage in sorted(measured.stages.items())
    )


def stage_measurements(stage: Stage) -> dict[str, float]:
    """How many delays there were, and how long they were, in milliseconds."""
    return {
        "count": stage.count,
        "p50_ms": quantile(stage, 0.5) / _MS,
        "p99_ms": quantile(stage, 0.99) / _MS,
        "max_ms": stage.longest / _MS,
    }
