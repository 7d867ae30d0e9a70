"""Several growing sources as one stream of windows: what ``merge`` does, while the feeds write."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from actors.execution.venue import Window
from actors.feeds.merge import ROWS_PER_WINDOW
from actors.feeds.pieces import Piece, reach, taken_before
from events.batches import BatchKind, MarketRecord
from events.errors import Corrupt, NotFound
from events.market_log import MarketLog, MarketTail
from schemas.market import Refused
from schemas.quantities import Nanoseconds

_NEVER: Final = -(1 << 62)
_FOR_EVER: Final = 1 << 62


class FollowedMarket:
    """Gives the same rows in the same order as ``merge.windows``, as far as they are certain.

    A moment is certain when every source has gone past it or is sealed: only then no row of its
    time can follow. The source that is furthest back therefore holds the others, and the last
    moment of an open source waits for the next one.
    """

    def __init__(
        self, log: MarketLog, sources: Sequence[str], *, rows_per_window: int = ROWS_PER_WINDOW
    ) -> None:
        self._lanes: Final = [_Lane(log, source) for source in sorted(set(sources))]
        self._quota: Final = max(rows_per_window // max(len(self._lanes), 1), 1)

    def next(self, until: Nanoseconds | None = None) -> Window | None:
        """The next window, with no row behind ``until``; ``None`` while nothing more is certain.

        Raises:
            Corrupt: a source's time goes back.
        """
        for lane in self._lanes:
            lane.read_on(self._quota)
        limit = min((lane.horizon for lane in self._lanes), default=_FOR_EVER)
        if until is not None:
            limit = min(limit, until + 1)
        ready = [lane for lane in self._lanes if lane.first < limit]
        if not ready:
            return None
        ts_end = min(limit, *(lane.reach(self._quota) for lane in ready))
        records = [record for lane in ready for record in lane.before(ts_end)]
        return Window(records=tuple(records), ts_end=ts_end)

    def close(self) -> None:
        """Let go of the sources."""
        for lane in self._lanes:
            lane.close()

    def has_passed(self, ts: Nanoseconds) -> bool:
        """Whether every row at or before ``ts`` was given out, and no other can follow."""
        return all(lane.horizon > ts and lane.first > ts for lane in self._lanes)

    @property
    def over(self) -> bool:
        """Whether all sources are sealed, and all of their rows were given out."""
        return all(lane.over for lane in self._lanes)

    @property
    def holding(self) -> tuple[str, ...]:
        """The sources whose next row others wait for."""
        furthest = min((lane.horizon for lane in self._lanes), default=_FOR_EVER)
        holding = [lane for lane in self._lanes if lane.horizon == furthest <= lane.first]
        held = [lane for lane in self._lanes if lane not in holding and lane.first >= furthest]
        waited_for = any(lane.first < _FOR_EVER for lane in held)
        return tuple(lane.source for lane in holding if not lane.complete) if waited_for else ()

    @property
    def refused(self) -> int:
        """Rows of the feeds' origin that were not accepted, among what was read."""
        return sum(lane.refused for lane in self._lanes)

    @property
    def positions(self) -> Mapping[str, int]:
        """For each source, number of the first row that was not given out yet."""
        return {lane.source: lane.position for lane in self._lanes}


class _Lane:
    """One source: what was read of it and not yet given out."""

    def __init__(self, log: MarketLog, source: str) -> None:
        self._log: Final = log
        self.source: Final = source
        self._tail: MarketTail | None = None
        self._ahead: Final[deque[Piece]] = deque()
        self._rows_ahead = 0
        self._unread = 0
        self.refused = 0
        self._latest: Nanoseconds = _NEVER
        self.complete = False

    @property
    def first(self) -> Nanoseconds:
        """Time of the next row that is known; for ever when none is."""
        return int(self._ahead[0].ts[0]) if self._ahead else _FOR_EVER

    @property
    def horizon(self) -> Nanoseconds:
        """Every row before this time is known."""
        return _FOR_EVER if self.complete else self._latest

    @property
    def over(self) -> bool:
        return self.complete and not self._ahead

    @property
    def position(self) -> int:
        return self._ahead[0].record.first if self._ahead else self._unread

    def read_on(self, quota: int) -> None:
        """Read until ``quota`` rows and a second moment are ahead, or there is nothing to read."""
        if self.complete or self._has(quota):
            return
        if self._tail is None:
            try:
                self._tail = self._log.tail(self.source)
            except NotFound:
                return
        for record in self._tail.unread(asking=False):
            self._take(record)
            if self._has(quota):
                return
        self.complete = self._tail.over

    def close(self) -> None:
        if self._tail is not None:
            self._tail.close()

    def reach(self, quota: int) -> Nanoseconds:
        """A time behind the first row, with at most ``quota`` rows before it where that can be."""
        return reach(self._ahead, quota)

    def before(self, ts_end: Nanoseconds) -> Iterator[MarketRecord]:
        for record in taken_before(self._ahead, ts_end):
            self._rows_ahead -= record.rows
            yield record

    def _has(self, quota: int) -> bool:
        return self._rows_ahead >= quota and self._latest > self.first

    def _take(self, record: MarketRecord) -> None:
        if record.kind is BatchKind.FACTS:
            self.refused += record.batch.column("kind").to_pylist().count(Refused.KIND)
        else:
            piece = Piece.of(record)
            if piece.ts[0] < self._latest or (piece.ts[1:] < piece.ts[:-1]).any():
                raise Corrupt(f"{record.source}:{record.first}: its time goes back")
            self._ahead.append(piece)
            self._rows_ahead += len(piece.ts)
            self._latest = int(piece.ts[-1])
        self._unread = record.last + 1
