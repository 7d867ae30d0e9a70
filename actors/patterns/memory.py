"""The newest bars of several streams, from which questions are put together.

Whoever is told the bars of a journal, in its order, puts together the same questions: the cell that
asks, the gateway that answers, and a person who looks at it a year later.
"""

from collections.abc import Iterable, Mapping
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


class Stream(msgspec.Struct, frozen=True, order=True):
    """Bars of one instrument, interval and price type."""

    instrument: str
    interval: str
    price_type: PriceType

    @classmethod
    def of(cls, payload: Bar | PatternRequested) -> "Stream":
        """The stream that a bar is in, or that a request is about."""
        return cls(payload.instrument, payload.interval, payload.price_type)


class _Columns:
    """The newest bars of one stream. An array is never written to again once it is made: what was
    cut from it stays what it was.
    """

    def __init__(self, kept: int) -> None:
        self._kept: Final = kept
        self._values = np.zeros((5, 0))
        self._times = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._times)

    @property
    def newest(self) -> Nanoseconds:
        """When the last bar closed; 0 without one."""
        return int(self._times[-1]) if len(self) else 0

    def append(self, bar: Bar) -> None:
        row = [float(each) for each in (bar.open, bar.high, bar.low, bar.close, bar.volume)]
        known = slice(1 if len(self) == self._kept else 0, None)
        self._values = np.column_stack((self._values[:, known], row))
        self._times = np.append(self._times[known], bar.ts_close)

    def until(self, ts: Nanoseconds, bars: int) -> Candles:
        """The last ``bars`` that closed at or before a time, or as many as there are."""
        end = int(np.searchsorted(self._times, ts, side="right"))
        cut = slice(max(end - bars, 0), end)
        opened, high, low, close, volume = self._values[:, cut]
        return Candles(
            open=opened, high=high, low=low, close=close, volume=volume, ts_close=self._times[cut]
        )


class BarMemory:
    """The last bars of the streams it was made for; bars of others are passed over.

    Attributes:
        bars: how many a question holds.
    """

    def __init__(self, streams: Iterable[Stream], bars: int) -> None:
        self.bars: Final = bars
        self._of: Final = {each: _Columns(bars + _SPARE) for each in streams}
        self._length: Final[dict[Stream, Nanoseconds]] = {}
        self._panels: Final[dict[tuple[str, PriceType, Nanoseconds], Mapping[str, Candles]]] = {}

    def note(self, bar: Bar) -> Stream | None:
        """Remember a closed bar; its stream comes back if it is one of these."""
        stream = Stream.of(bar)
        columns = self._of.get(stream)
        if columns is None:
            return None
        columns.append(bar)
        self._length[stream] = bar.ts_close - bar.ts_open
        self._panels.clear()
        return stream

    def candles(self, stream: Stream, until: Nanoseconds) -> Candles:
        """The bars of a stream that closed at or before ``until``: as many as a question holds, or
        as there are.

        Raises:
            UnfitBars: they are no candles.
        """
        return self._of[stream].until(until, self.bars)

    def held(self, stream: Stream) -> int:
        """How many bars of a stream there are, as far as a question needs them."""
        return min(len(self._of[stream]), self.bars)

    def closed_until(self, interval: str) -> Nanoseconds:
        """When the newest bar closed of that stream of an interval which is furthest behind; 0
        while one has none.
        """
        streams = (columns for each, columns in self._of.items() if each.interval == interval)
        return min((columns.newest for columns in streams), default=0)

    def alone(self, stream: Stream, request: str, asked: Nanoseconds) -> Question:
        """What to ask about the bars of a stream that had closed by ``asked``, and no others.

        Raises:
            UnfitBars: they are no candles.
        """
        return self._question(stream, request, {stream.instrument: self.candles(stream, asked)})

    def beside_others(self, stream: Stream, request: str, asked: Nanoseconds) -> Question:
        """The same with what else had closed by then of the same interval.

        Raises:
            UnfitBars: they are no candles.
        """
        return self._question(stream, request, self._panel(stream, asked))

    def _question(self, stream: Stream, request: str, panel: Mapping[str, Candles]) -> Question:
        return Question(
            request=request,
            instrument=stream.instrument,
            interval=stream.interval,
            interval_ns=self._length[stream],
            panel=panel,
        )

    def _panel(self, stream: Stream, until: Nanoseconds) -> Mapping[str, Candles]:
        """One for all that ask about an interval and price type at a time. An instrument that has
        bars of several price types is in it with those, if it can be.
        """
        asked = (stream.interval, stream.price_type, until)
        if asked not in self._panels:
            beside = [each for each in self._of if each.interval == stream.interval]
            beside.sort(key=lambda each: each.price_type == stream.price_type)
            panel = {each.instrument: self.candles(each, until) for each in beside}
            self._panels[asked] = {name: each for name, each in panel.items() if len(each)}
        return self._panels[asked]
