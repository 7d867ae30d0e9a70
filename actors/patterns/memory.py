"""The newest bars of several streams, from which questions are put together.

Whoever is told the bars of a journal, in its order, puts together the same questions: the cell that
asks, the gateway that answers, and a person who looks at it a year later.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Question
from schemas.market import Bar, PriceType
from schemas.pattern import PatternRequested
from schemas.quantities import Nanoseconds

_SPARE: Final = 16
"""Bars kept beyond what a question needs, because a question may be put together a little later."""

type _Row = tuple[float, float, float, float, float]


class Stream(msgspec.Struct, frozen=True, order=True):
    """Bars of one instrument, interval and price type."""

    instrument: str
    interval: str
    price_type: PriceType

    @classmethod
    def of(cls, payload: Bar | PatternRequested) -> "Stream":
        """The stream that a bar is in, or that a request is about."""
        return cls(payload.instrument, payload.interval, payload.price_type)


class BarMemory:
    """The last bars of the streams it was made for; bars of others are passed over.

    Attributes:
        bars: how many a question holds.
    """

    def __init__(self, streams: Iterable[Stream], bars: int) -> None:
        self.bars: Final = bars
        self._rows: Final = {each: deque[_Row](maxlen=bars + _SPARE) for each in streams}
        self._times: Final = {each: deque[int](maxlen=bars + _SPARE) for each in self._rows}
        self._length: Final[dict[Stream, Nanoseconds]] = {}
        self._newest: Final[dict[Stream, tuple[Nanoseconds, Candles]]] = {}

    def note(self, bar: Bar) -> Stream | None:
        """Remember a closed bar; its stream comes back if it is one of these."""
        stream = Stream.of(bar)
        rows = self._rows.get(stream)
        if rows is None:
            return None
        rows.append(
            (float(bar.open), float(bar.high), float(bar.low), float(bar.close), float(bar.volume))
        )
        self._times[stream].append(bar.ts_close)
        self._newest.pop(stream, None)
        self._length[stream] = bar.ts_close - bar.ts_open
        return stream

    def candles(self, stream: Stream, until: Nanoseconds) -> Candles:
        """The bars of a stream that closed at or before ``until``: as many as a question holds, or
        as there are.

        Raises:
            UnfitBars: they are no candles.
        """
        rows, times = self._rows[stream], np.array(self._times[stream], dtype=np.int64)
        end = int(np.searchsorted(times, until, side="right"))
        start = max(end - self.bars, 0)
        columns = np.array(rows, dtype=np.float64).reshape(len(rows), 5).T[:, start:end]
        opened, high, low, close, volume = (np.ascontiguousarray(column) for column in columns)
        return Candles(
            open=opened, high=high, low=low, close=close, volume=volume, ts_close=times[start:end]
        )

    def held(self, stream: Stream) -> int:
        """How many bars of a stream there are, as far as a question needs them."""
        return min(len(self._rows[stream]), self.bars)

    def closed_until(self, interval: str) -> Nanoseconds:
        """When the newest bar closed of that stream of an interval which is furthest behind; 0
        while one has none.
        """
        streams = (times for each, times in self._times.items() if each.interval == interval)
        return min((times[-1] if times else 0 for times in streams), default=0)

    def question(self, stream: Stream, request: str, asked: Nanoseconds) -> Question:
        """What to ask about the bars of a stream that had closed by ``asked``; without peers.

        Raises:
            UnfitBars: they are no candles.
        """
        return Question(
            request=request,
            instrument=stream.instrument,
            interval=stream.interval,
            interval_ns=self._length[stream],
            candles=self.candles(stream, asked),
        )

    def peers(self, stream: Stream, until: Nanoseconds) -> dict[str, Candles]:
        """The other instruments of the same interval, as far as they had closed by ``until``.

        Raises:
            UnfitBars: they are no candles.
        """
        return {
            each.instrument: self.candles(each, until)
            for each in self._rows
            if each.interval == stream.interval and each.instrument != stream.instrument
        }
