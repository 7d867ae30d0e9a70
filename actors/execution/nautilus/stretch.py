"""A record on its way through the venue: its rows, and where each stands in time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from events.batches import BatchKind, MarketRecord
from schemas.identity import tick_id
from schemas.quantities import Nanoseconds

type Int64s = NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """A record's rows with their times (``ts_event`` in nanoseconds), which never decrease."""

    record: MarketRecord
    times: Int64s

    @property
    def series(self) -> tuple[str, bool]:
        """What it is a piece of: an instrument, and whether of its quotes rather than trades."""
        kind = self.record.kind
        return self.record.terms.instrument, kind in (BatchKind.QUOTES, BatchKind.QUOTE_BARS)

    @property
    def end(self) -> tuple[Nanoseconds, str]:
        """Time and name of the last row."""
        return int(self.times[-1]), tick_id(self.record.source, self.record.last)

    def last_at(self, ts: Nanoseconds) -> tuple[Nanoseconds, str] | None:
        """Time and name of the last row at or before ``ts``."""
        row = self.rows_until(ts) - 1
        if row < 0:
            return None
        return int(self.times[row]), tick_id(self.record.source, self.record.first + row)

    def rows_until(self, ts: Nanoseconds) -> int:
        """How many rows are at or before ``ts``."""
        return bisect_right(self._moments, ts)

    def part(self, start: int, end: int) -> "Stretch":
        """Rows ``start .. end - 1``; nothing is copied."""
        record = self.record
        batch = record.batch.slice(start, end - start)
        part = replace(record, first=record.first + start, batch=batch)
        return Stretch(part, self.times[start:end])

    @cached_property
    def _moments(self) -> Sequence[int]:
        # For a single look-up bisecting this is faster than NumPy's search.
        return memoryview(self.times)

    def integers(self, column: str) -> Int64s:
        """A column of mantissas."""
        values: Int64s = self.record.batch.column(column).to_numpy()
        return values
