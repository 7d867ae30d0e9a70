"""The interval of bars, and how far apart the first of them are."""

from typing import Final

import numpy as np

from actors.feeds.errors import FeedError
from actors.feeds.intervals import interval_ns, interval_of
from actors.feeds.rows import Int64s
from actors.feeds.text.clocks import Times

_SHORTENED: Final = 0.9
"""What is left of a day, at least, when clocks go forward: 23 of its 24 hours."""


def interval_for(name: str, times: Times, given: str) -> str:
    """The interval that was given, or else the shortest distance of two bars; longer ones are gaps.

    Raises:
        FeedError: none was given, and there are too few bars or their distance is no whole number
            of seconds; or one was given, and the bars lie closer together.
    """
    steps = _steps(times)
    if given:
        usual = _most_common(steps)
        if usual is not None and usual < _SHORTENED * interval_ns(given):
            told = interval_of(usual) or f"{usual} ns"
            raise FeedError(
                f"{name}: its bars are {told} apart, so their interval cannot be {given}"
                " (--interval)"
            )
        return given
    interval = interval_of(int(steps.min())) if len(steps) else None
    if interval is None:
        raise FeedError(
            f"{name}: cannot tell the interval of its bars: give it (--interval), such as 1m"
        )
    return interval


def _steps(times: Times) -> Int64s:
    """Nanoseconds from one bar to the next, where time goes on."""
    known = np.delete(times.values, list(times.faults))
    steps: Int64s = np.diff(known)
    return steps[steps > 0]


def _most_common(steps: Int64s) -> int | None:
    if not len(steps):
        return None
    lengths, counts = np.unique(steps, return_counts=True)
    return int(lengths[counts.argmax()])
