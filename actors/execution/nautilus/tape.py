"""The market as it passes: windows become stretches of rows, and every row keeps its name."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.stretch import Int64s, Stretch
from actors.execution.venue import Window
from events.batches import BatchKind, MarketRecord
from schemas.identity import tick_id
from schemas.market import Instrument
from schemas.quantities import Nanoseconds


class OutOfOrder(ValueError):
    """A row is older than one before it; market time cannot go back."""


class Tape:
    """Takes windows one after the other.

    Rows of equal time keep the order of their sources' names, then that of their numbers, so the
    order of the market does not depend on how it was cut into windows and records.
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments: Final = instruments
        self._present: dict[tuple[str, bool], list[Stretch]] = {}
        self._past: dict[tuple[str, bool], tuple[Nanoseconds, str]] = {}
        self.now: Nanoseconds = -1

    def enter(self, window: Window) -> list[Stretch]:
        """The parts of a window that move the market; those before it are history from now on.

        Raises:
            OutOfOrder: a row is older than one before it.
            VenueSetupError: a record is of an instrument that the venue does not know, or has other
                precisions.
        """
        self._leave()
        moving = (record for record in window.records if record.kind is not BatchKind.FACTS)
        ordered = sorted(moving, key=lambda record: (record.source, record.first))
        stretches = [Stretch(record, self._times(record)) for record in ordered]
        for stretch in stretches:
            self._present.setdefault(stretch.series, []).append(stretch)
            self._check_terms(stretch.record)
        self.now = max([self.now, *(stretch.end[0] for stretch in stretches)])
        return stretches

    def of_series(self, instrument: str, *, quoting: bool) -> list[Stretch]:
        """The present stretches of an instrument's quotes or trades, in order."""
        return self._present.get((instrument, quoting), [])

    def last_tick_of(self, instrument: str, ts: Nanoseconds) -> str:
        """Name of the instrument's last row at or before ``ts``, of any kind; quotes first.

        Raises:
            LookupError: the market had not said anything about it yet.
        """
        found = [self._latest((instrument, quoting), ts) for quoting in (True, False)]
        known = [latest for latest in found if latest is not None]
        if not known:
            raise LookupError(f"nothing was known of {instrument} at {ts}")
        return max(known, key=lambda latest: latest[0])[1]

    def _latest(self, series: tuple[str, bool], ts: Nanoseconds) -> tuple[Nanoseconds, str] | None:
        latest = self._past.get(series)
        for stretch in self._present.get(series, ()):
            found = stretch.last_at(ts)
            if found is not None and (latest is None or found[0] >= latest[0]):
                latest = found
        return latest

    def _leave(self) -> None:
        for series, stretches in self._present.items():
            # Of equal times the last in order counts, and ``max`` takes the first it meets.
            ends = (stretch.end for stretch in reversed(stretches))
            self._past[series] = max(ends, key=lambda end: end[0])
        self._present = {}

    def _times(self, record: MarketRecord) -> Int64s:
        times: Int64s = record.batch.column("ts_event").view("int64").to_numpy()
        backwards = times[1:] < times[:-1]
        if times[0] <= self.now or backwards.any():
            row = 0 if times[0] <= self.now else int(np.argmax(backwards)) + 1
            name = tick_id(record.source, record.first + row)
            raise OutOfOrder(f"{name} is at {times[row]}, and the market was already later")
        return times

    def _check_terms(self, record: MarketRecord) -> None:
        terms = record.terms
        instrument = self._instruments.get(terms.instrument)
        if instrument is None:
            raise VenueSetupError(f"{record.source}: no instrument {terms.instrument} is traded")
        wanted = (instrument.price_precision, instrument.size_precision)
        found = (terms.price_precision, terms.size_precision)
        if wanted != found:
            raise VenueSetupError(
                f"{record.source}: {terms.instrument} has price and size precision {wanted}, "
                f"and its records have {found}"
            )
