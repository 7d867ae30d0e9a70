"""The rows of the market on their way into the engine: all of them, or the last ones only."""

from collections.abc import Sequence
from typing import Final

from actors.execution.nautilus.stretch import Stretch
from schemas.quantities import Nanoseconds


class _Lane:
    """A stretch, and how many of its rows were shown or passed over."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch: Final = stretch
        self.passed = 0

    @property
    def left(self) -> int:
        return len(self.stretch.times) - self.passed

    def until(self, ts: Nanoseconds) -> Stretch | None:
        """What is left of the rows at or before ``ts``, which are passed then."""
        first, self.passed = self.passed, max(self.passed, self.stretch.rows_until(ts))
        return self.stretch.part(first, self.passed) if first < self.passed else None


class Feed:
    """Takes windows one after the other.

    What an engine without a working order needs to know of the past is the last row of every
    series: the book has one level, and each row replaces it.
    """

    def __init__(self) -> None:
        self._lanes: list[_Lane] = []
        self._owed: dict[tuple[str, bool], Stretch] = {}

    def enter(self, stretches: Sequence[Stretch]) -> None:
        """The market moves into a window; what was not shown of the last one is over."""
        for lane in self._lanes:
            if lane.left:
                self._owe(lane.stretch)
        self._lanes = [_Lane(stretch) for stretch in stretches]

    @property
    def opens(self) -> Nanoseconds:
        """Time of the window's first row."""
        return min(int(lane.stretch.times[0]) for lane in self._lanes)

    @property
    def left(self) -> bool:
        """Whether the window has rows that were neither shown nor passed over."""
        return any(lane.left for lane in self._lanes)

    def ahead(self, rows: int) -> Nanoseconds:
        """Time of the row that is so many ahead, or of the last one; at least one is left."""
        lanes = [lane for lane in self._lanes if lane.left]
        share = max(rows // len(lanes), 1)
        reached = [
            int(lane.stretch.times[lane.passed + share - 1]) for lane in lanes if lane.left > share
        ]
        return min(reached) if reached else max(int(lane.stretch.times[-1]) for lane in lanes)

    def show(self, ts: Nanoseconds) -> list[Stretch]:
        """All rows up to ``ts``."""
        parts = [lane.until(ts) for lane in self._lanes]
        return [part for part in parts if part is not None]

    def catch_up(self, ts: Nanoseconds) -> list[Stretch]:
        """The last rows up to ``ts`` that were not shown yet, by series; the others are passed."""
        for lane in self._lanes:
            part = lane.until(ts)
            if part is not None:
                self._owe(part)
        rows = sorted(self._owed.values(), key=lambda row: (row.record.source, row.record.first))
        self._owed = {}
        return rows

    def _owe(self, stretch: Stretch) -> None:
        before = self._owed.get(stretch.series)
        if before is None or before.end[0] <= stretch.end[0]:
            rows = len(stretch.times)
            self._owed[stretch.series] = stretch.part(rows - 1, rows)
