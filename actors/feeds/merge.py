"""Several sources as one stream of windows in order of time."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from actors.execution.venue import Window
from actors.feeds.pieces import Piece, reach, taken_before
from events.batches import BatchKind, MarketRecord
from events.errors import Corrupt
from events.market_log import MarketReader
from schemas.quantities import Nanoseconds

ROWS_PER_WINDOW: Final = 16_000

type OnFacts = Callable[[MarketRecord], None]


def windows(
    log: MarketReader,
    sources: Sequence[str],
    *,
    rows_per_window: int = ROWS_PER_WINDOW,
    from_ts: Nanoseconds | None = None,
    to_ts: Nanoseconds | None = None,
    on_facts: OnFacts | None = None,
) -> Iterator[Window]:
    """The sources' quotes, trades and bars, merged by ``ts_event``.

    A window ends only where time increases: rows of equal time, of whatever source or record, are
    in one window. It has at most ``rows_per_window`` rows, or all that share one time. Its records
    are slices that copy nothing, in the order of the sources' names, and of a source in its own
    order. However the rows are cut into windows, their concatenation is the same.

    Args:
        from_ts, to_ts: rows at or after the first and before the second; all by default.
        on_facts: called with every record of facts as it is read, which is ahead of its time: for
            those who count or project facts, not for deciders.

    Raises:
        NotFound: there is no such source.
        Corrupt: a source's time goes back.
    """
    lanes = [_Lane(log, name, from_ts, to_ts, on_facts) for name in sorted(set(sources))]
    while lanes := [lane for lane in lanes if lane.has_rows()]:
        quota = max(rows_per_window // len(lanes), 1)
        ts_end = min(lane.reach(quota) for lane in lanes)
        records = [record for lane in lanes for record in lane.before(ts_end)]
        yield Window(records=tuple(records), ts_end=ts_end)


class _Lane:
    """One source, read ahead just far enough to know where a window may end."""

    def __init__(
        self,
        log: MarketReader,
        source: str,
        from_ts: Nanoseconds | None,
        to_ts: Nanoseconds | None,
        on_facts: OnFacts | None,
    ) -> None:
        self._unread: Final = log.read(source)
        self._from_ts: Final = from_ts
        self._to_ts: Final = to_ts
        self._on_facts: Final = on_facts
        self._ahead: Final[deque[Piece]] = deque()
        self._latest: Nanoseconds | None = None

    def has_rows(self) -> bool:
        """Whether anything is left; reads on to find out."""
        return bool(self._ahead) or self._read_on()

    def reach(self, quota: int) -> Nanoseconds:
        """A time behind the first row, with at most ``quota`` rows before it where that can be."""
        return reach(self._pieces(), quota)

    def before(self, ts_end: Nanoseconds) -> Iterator[MarketRecord]:
        """Take out all rows before a time."""
        return taken_before(self._ahead, ts_end)

    def _pieces(self) -> Iterator[Piece]:
        """What was read ahead, and then what can still be read."""
        index = 0
        while index < len(self._ahead) or self._read_on():
            yield self._ahead[index]
            index += 1

    def _read_on(self) -> bool:
        """Read the next record with wanted rows; false at the end."""
        for record in self._unread:
            if record.kind is BatchKind.FACTS:
                if self._on_facts is not None:
                    self._on_facts(record)
                continue
            read = Piece.of(record)
            if self._to_ts is not None and read.ts[0] >= self._to_ts:
                return False
            piece = self._wanted(read)
            if piece is not None:
                self._ahead.append(piece)
                return True
        return False

    def _wanted(self, piece: Piece) -> Piece | None:
        ts, record = piece.ts, piece.record
        if (self._latest is not None and ts[0] < self._latest) or (ts[1:] < ts[:-1]).any():
            raise Corrupt(f"{record.source}:{record.first}: its time goes back")
        self._latest = int(ts[-1])
        start = 0 if self._from_ts is None else int(np.searchsorted(ts, self._from_ts))
        end = len(ts) if self._to_ts is None else int(np.searchsorted(ts, self._to_ts))
        return piece.cut(start, end) if start < end else None
