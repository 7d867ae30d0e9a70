"""How far each market source has been consumed, and what of it no step refers to yet."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from actors.execution.venue import Window
from events.batches import MarketRecord
from schemas.envelope import Slice
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True)
class _Stretch:
    source: str
    first: int
    times: Sequence[int]


class MarketCursor:
    """Follows the windows; ``consumed`` is what the sequencer asks when it makes a step.

    Rows of equal time count as one: a slice ends behind the last of them.

    Attributes:
        now: time of the last row of the windows so far.
    """

    def __init__(self) -> None:
        self._window: tuple[_Stretch, ...] = ()
        self._reached: dict[str, int] = {}
        self._reported: dict[str, int] = {}
        self.now: Nanoseconds = 0

    def enter(self, window: Window) -> None:
        """The market moves into a window; everything before it is consumed."""
        self._leave()
        self._window = tuple(
            _Stretch(records[0].source, records[0].first, _times(records))
            for records in _joined(window.records)
        )
        for stretch in self._window:
            self._reported.setdefault(stretch.source, stretch.first)
            self.now = max(self.now, stretch.times[-1])

    def consumed(self, now: Nanoseconds) -> tuple[Slice, ...]:
        """Rows at and before ``now`` that were in no slice before."""
        for stretch in self._window:
            rows = bisect_right(stretch.times, now)
            if rows:
                self._reach(stretch.source, stretch.first + rows)
        return self._report()

    def ahead(self) -> tuple[Slice, ...]:
        """What ``rest`` would say, without counting as said."""
        ends = {stretch.source: stretch.first + len(stretch.times) for stretch in self._window}
        return tuple(
            Slice(source, self._reported[source], end - 1)
            for source, end in sorted({**self._reached, **ends}.items())
            if end > self._reported[source]
        )

    def rest(self) -> tuple[Slice, ...]:
        """All rows that were in no slice before."""
        self._leave()
        return self._report()

    def _leave(self) -> None:
        for stretch in self._window:
            self._reach(stretch.source, stretch.first + len(stretch.times))
        self._window = ()

    def _reach(self, source: str, end: int) -> None:
        self._reached[source] = max(self._reached.get(source, 0), end)

    def _report(self) -> tuple[Slice, ...]:
        slices = []
        for source, end in sorted(self._reached.items()):
            start = self._reported[source]
            if end > start:
                slices.append(Slice(source, start, end - 1))
                self._reported[source] = end
        return tuple(slices)


def _joined(records: Iterable[MarketRecord]) -> Iterator[list[MarketRecord]]:
    """Records of one source that follow each other without a number between them."""
    together: list[MarketRecord] = []
    for record in records:
        if together and (record.source, record.first - 1) != (
            together[-1].source,
            together[-1].last,
        ):
            yield together
            together = []
        together.append(record)
    if together:
        yield together


def _times(records: Sequence[MarketRecord]) -> Sequence[int]:
    """Nanoseconds, to be bisected: for a single look-up that is faster than NumPy's search."""
    columns = [record.batch.column("ts_event").view("int64").to_numpy() for record in records]
    return memoryview(columns[0] if len(columns) == 1 else np.concatenate(columns))
