"""Silences longer than allowed, and whether the calendar explains them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from actors.feeds.rows import Int64s
from schemas.market import Gap
from schemas.quantities import Nanoseconds


class Calendar(Protocol):
    """When an instrument is expected to trade."""

    def open_ns(self, start: Nanoseconds, end: Nanoseconds) -> int:
        """How long the market was to be open between two times, in nanoseconds."""
        ...


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap, and the index of the row that ended it."""

    index: int
    gap: Gap


def silences(
    instrument: str, ts: Int64s, last_ts: int | None, allowed_ns: int, calendar: Calendar
) -> list[Silence]:
    """Every stretch without rows that is longer than allowed.

    It is expected when the market was to be open for no longer than allowed within it.
    """
    if len(ts) == 0:
        return []
    before = np.concatenate(([ts[0] if last_ts is None else last_ts], ts[:-1]))
    found = np.flatnonzero(ts - before > allowed_ns).tolist()
    return [
        Silence(
            index,
            Gap(
                instrument=instrument,
                ts_from=(start := int(before[index])),
                ts_to=(end := int(ts[index])),
                expected=calendar.open_ns(start, end) <= allowed_ns,
            ),
        )
        for index in found
    ]
