"""Which bars a recogniser is asked about, and which it is not to be asked about."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from actors.patterns.candles import UnfitBars
from actors.patterns.memory import BarMemory, Stream
from actors.patterns.recogniser import Abstention, Question
from schemas.envelope import AnyEvent
from schemas.market import Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a recogniser looks at.

    Attributes:
        bars: how many bars a question holds.
        every: ask at every so many bars of a stream.
        longest_gap: two bars of a question close at most so many intervals apart.
    """

    streams: tuple[Stream, ...]
    bars: int
    every: int = 1
    longest_gap: int | None = None


class Watch:
    """Follows streams of bars, and says at which bar there is something to ask."""

    def __init__(self, watched: Watched) -> None:
        self._watched: Final = watched
        self._memory: Final = BarMemory(watched.streams, watched.bars)
        self._counts: Final = dict.fromkeys(watched.streams, 0)

    def closed(self, event: AnyEvent) -> Question | Abstention | None:
        """What to ask because of an event; why nobody can be asked; or nothing, mostly because it
        is no bar of these streams or there are too few yet.
        """
        bar = event.payload
        stream = self._memory.note(bar) if isinstance(bar, Bar) else None
        if stream is None:
            return None
        self._counts[stream] += 1
        whole = self._memory.held(stream) == self._watched.bars
        if not whole or self._counts[stream] % self._watched.every:
            return None
        try:
            question = self._memory.alone(stream, event.id, event.ts)
        except UnfitBars as error:
            return Abstention(reason="unfit_bars", detail=str(error))
        return self._unfit(question) or question

    def _unfit(self, question: Question) -> Abstention | None:
        candles = question.candles
        if candles.high.max() == candles.low.min():
            return Abstention(reason="constant_price", detail=f"{candles.close[-1]:g} throughout")
        apart = int(np.diff(candles.ts_close).max(initial=0)) / question.interval_ns
        if self._watched.longest_gap is not None and apart > self._watched.longest_gap:
            return Abstention(reason="gap", detail=f"two bars close {apart:g} intervals apart")
        return None
