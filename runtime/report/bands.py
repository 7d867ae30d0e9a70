"""Reduces a long series to what a screen can show, in one pass and without losing an extreme."""

from typing import Final

import numpy as np

from runtime.report.data import Band, Numbers, Times
from schemas.quantities import SECOND_NS

type Columns = tuple[Times, Numbers, Numbers, Numbers]
"""Start of each stretch, its low, high and last."""


class BandSketch:
    """Takes rows as they come and keeps at most ``stretches_max`` equal stretches of time.

    Stretches begin as short as a second and double whenever there are too many, so memory is
    bounded however long the series; every row's extremes stay inside its stretch.
    """

    def __init__(self, stretches_max: int, width: int = SECOND_NS) -> None:
        self._max: Final = stretches_max
        self._width = width
        self._parts: list[Columns] = []
        self._held = 0
        self.rows = 0

    def add(self, times: Times, low: Numbers, high: Numbers, last: Numbers) -> None:
        """Take rows in order of time; an empty batch is allowed."""
        if times.size == 0:
            return
        self.rows += times.size
        part = reduced((times, low, high, last), self._width)
        self._parts.append(part)
        self._held += part[0].size
        if self._held > 2 * self._max:
            self._compact()

    def add_points(self, times: Times, values: Numbers) -> None:
        """Take single values."""
        self.add(times, values, values, values)

    def band(self) -> Band:
        """The series so far."""
        self._compact()
        times, low, high, last = self._parts[0] if self._parts else _NOTHING
        return Band(times=times, width=self._width, low=low, high=high, last=last)

    def _compact(self) -> None:
        if not self._parts:
            return
        whole = reduced(_joined(self._parts), self._width)
        while whole[0].size > self._max:
            self._width *= 2
            whole = reduced(whole, self._width)
        self._parts = [whole]
        self._held = whole[0].size


def reduced(rows: Columns, width: int) -> Columns:
    """Rows, in order of time, as stretches of ``width`` nanoseconds that begin at its multiples."""
    times, low, high, last = rows
    keys = times // width
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    ends = np.append(starts[1:], keys.size) - 1
    return (
        keys[starts] * width,
        np.minimum.reduceat(low, starts),
        np.maximum.reduceat(high, starts),
        last[ends],
    )


def _joined(parts: list[Columns]) -> Columns:
    times, low, high, last = (np.concatenate(column) for column in zip(*parts, strict=True))
    # Sources of one instrument may overlap; a stable sort keeps the later source's last value.
    order = np.argsort(times, kind="stable")
    return times[order], low[order], high[order], last[order]


_NOTHING: Final[Columns] = (
    np.empty(0, np.int64),
    np.empty(0, np.float64),
    np.empty(0, np.float64),
    np.empty(0, np.float64),
)
