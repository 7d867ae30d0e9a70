"""Bar intervals: ``1s``, ``5m``, ``4h``, ``1d``, as they are written and in nanoseconds."""

import re
from typing import Final

from actors.feeds.errors import FeedError
from schemas.quantities import SECOND_NS, Nanoseconds

_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_INTERVAL: Final = re.compile(r"([1-9]\d*)([smhd])")


def interval_ns(interval: str) -> Nanoseconds:
    """The length of an interval.

    Raises:
        FeedError: it is not a number and one of s, m, h, d.
    """
    match = _INTERVAL.fullmatch(interval)
    if match is None:
        raise FeedError(f"{interval!r} is no bar interval: write 1s, 5m, 4h or 1d")
    return int(match.group(1)) * _UNITS[match.group(2)] * SECOND_NS


def interval_of(length: Nanoseconds) -> str | None:
    """The shortest way to write a length; ``None`` when it is no whole number of seconds."""
    seconds, rest = divmod(length, SECOND_NS)
    if rest or seconds <= 0:
        return None
    unit, size = next((unit, size) for unit, size in _UNITS.items() if seconds % size == 0)
    return f"{seconds // size}{unit}"
