"""Records on their way into windows, and cutting them where market time says."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pyarrow as pa

from actors.feeds.rows import Int64s
from events.batches import MarketRecord
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True)
class Piece:
    """A record, or what is left of one, and the times of its rows."""

    record: MarketRecord
    ts: Int64s

    @classmethod
    def of(cls, record: MarketRecord) -> Self:
        """The whole record."""
        return cls(record, _times(record.batch))

    def cut(self, start: int, end: int) -> "Piece":
        """Rows ``start .. end - 1`` of it; nothing is copied."""
        if start == 0 and end == len(self.ts):
            return self
        batch = self.record.batch.slice(start, end - start)
        return Piece(
            replace(self.record, first=self.record.first + start, batch=batch), self.ts[start:end]
        )


def reach(pieces: Iterable[Piece], quota: int) -> Nanoseconds:
    """A time behind the first row, with at most ``quota`` rows before it where that can be.

    Args:
        pieces: at least one, in order; no more of them are asked for than are needed.
    """
    first: Nanoseconds | None = None
    end, passed = 0, 0
    for piece in pieces:
        first = int(piece.ts[0]) if first is None else first
        if passed + len(piece.ts) > quota:
            at = int(piece.ts[max(quota - passed, 0)])
            if at > first:
                return at
            # So many rows share the first row's time: the window ends behind them.
            behind = int(np.searchsorted(piece.ts, first, side="right"))
            if behind < len(piece.ts):
                return int(piece.ts[behind])
        passed += len(piece.ts)
        end = int(piece.ts[-1]) + 1
    return end


def taken_before(ahead: deque[Piece], ts_end: Nanoseconds) -> Iterator[MarketRecord]:
    """Take out all rows before a time, in order."""
    while ahead:
        piece = ahead[0]
        rows = int(np.searchsorted(piece.ts, ts_end, side="left"))
        if rows == len(piece.ts):
            ahead.popleft()
            yield piece.record
            continue
        if rows:
            ahead[0] = piece.cut(rows, len(piece.ts))
            yield piece.cut(0, rows).record
        return


def _times(batch: pa.RecordBatch) -> Int64s:
    return np.asarray(batch.column(0).view(pa.int64()))
