"""The interval of bars, told by how far apart the first of them are."""

import numpy as np

from actors.feeds.errors import FeedError
from actors.feeds.intervals import interval_of
from actors.feeds.text.clocks import Times


def interval_between(name: str, times: Times) -> str:
    """The shortest distance of two bars; longer ones are gaps.

    Raises:
        FeedError: there are too few bars, or their distance is no whole number of seconds.
    """
    known = np.delete(times.values, list(times.faults))
    steps = np.diff(known)
    steps = steps[steps > 0]
    interval = interval_of(int(steps.min())) if len(steps) else None
    if interval is None:
        raise FeedError(
            f"{name}: cannot tell the interval of its bars: give it (--interval), such as 1m"
        )
    return interval
