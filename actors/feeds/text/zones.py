"""Wall-clock times of a zone to UTC."""

import re
from datetime import timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from actors.feeds.errors import FeedError
from actors.feeds.rows import Int64s

UTC: Final = "UTC"
NEW_YORK: Final = "America/New_York"
_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)")


def to_utc(wall: Int64s, zone: str) -> Int64s:
    """UTC nanoseconds of wall-clock nanoseconds.

    A time that a zone skips in spring becomes the last instant before; of a time that it has twice
    in autumn, the first is meant.

    Args:
        wall: nanoseconds since 1970-01-01 00:00 by the zone's clock.
        zone: ``UTC``, a fixed offset such as ``-05:00``, or an IANA name.

    Raises:
        FeedError: there is no such zone.
    """
    if zone == UTC:
        return wall
    if (fixed := _OFFSET.fullmatch(zone)) is not None:
        sign, hours, minutes = fixed.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) // timedelta(microseconds=1)
        return wall - offset * 1000 * (1 if sign == "+" else -1)
    local = pa.array(wall).cast(pa.timestamp("ns"))
    try:
        instants = pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="earliest")
    except (pa.ArrowInvalid, OSError) as error:
        raise FeedError(
            f"unknown time zone {zone!r}: write a name such as {NEW_YORK}, or an offset such as"
            f" -05:00 ({error})"
        ) from error
    return np.asarray(instants.view(pa.int64()))
