"""Sessions of stock exchanges with their holidays and half days, from exchange_calendars."""

from functools import cache
from typing import Final

import numpy as np

from actors.feeds.rows import Int64s
from schemas.quantities import Nanoseconds

_SINCE: Final = "1985-01-01"


class ExchangeCalendar:
    """Regular trading hours. Trades outside of them are welcome, and none is missed."""

    def __init__(self, mic: str) -> None:
        self._mic: Final = mic

    def open_ns(self, start: Nanoseconds, end: Nanoseconds) -> int:
        """How long the exchange was to be open between two times, in nanoseconds."""
        opens, closes = _sessions(self._mic)
        first = int(np.searchsorted(closes, start, side="right"))
        last = int(np.searchsorted(opens, end, side="left"))
        within = np.minimum(closes[first:last], end) - np.maximum(opens[first:last], start)
        return int(within.sum())


@cache
def _sessions(mic: str) -> tuple[Int64s, Int64s]:
    # Importing it takes a second (it brings pandas), so only files of equities pay for it.
    import exchange_calendars

    calendar = exchange_calendars.get_calendar(mic, start=_SINCE)
    opens: Int64s = calendar.opens.astype("int64").to_numpy()
    closes: Int64s = calendar.closes.astype("int64").to_numpy()
    return opens, closes
