"""Where an inference gateway takes recognisers from, ready to answer."""

from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
import numpy as np

from actors.feeds.intervals import interval_ns
from actors.patterns.candles import Candles
from actors.patterns.config import PatternConfig
from actors.patterns.ensemble import NAME as ENSEMBLE
from actors.patterns.fast_recogniser import NAME as FAST
from actors.patterns.models.memory_limit import MemoryLimit, hold_to
from actors.patterns.recogniser import Recogniser
from actors.patterns.serving.moments import questions_of
from runtime.home import Home
from runtime.serving import Device, ServedModels

_REHEARSED: Final = (FAST, ENSEMBLE)
"""Recognisers that can answer once for nothing, and a second time on the CPU."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A recogniser as a cell has configured it. Cells with the same wish share an engine.

    Attributes:
        configs: all recognisers of the cell, because some are made of others.
        instruments: how many of them a question is about, with its peers.
    """

    use: str
    interval: str
    instruments: int
    configs: tuple[PatternConfig, ...]

    @property
    def name(self) -> str:
        """The same for wishes that one engine can fulfil."""
        settings = {each.use: each.parameters for each in self.configs}
        return f"{self.use} {msgspec.json.encode(settings, order='sorted').decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A recogniser that is ready to answer.

    Attributes:
        fallback: answers what the device has no room for.
        device: what it runs on: ``cpu``, ``cuda``, or another ``server``.
    """

    recogniser: Recogniser
    fallback: Recogniser | None
    device: str


class Shelf(Protocol):
    """Opens recognisers. ``open`` is called on another thread than the rest."""

    def version(self, wish: Wish) -> str:
        """Names what ``open`` would open now."""
        ...

    def open(self, wish: Wish, *, spare: bool) -> Opened:
        """Load, and answer a question, so that the first real one is not the slowest.

        Args:
            spare: on the CPU, because the device has no room.

        Raises:
            OutOfMemory: the device has no room.
            UserError: its model is missing, damaged, or cannot be served here.
        """
        ...


class HomeShelf:
    """The models of a home, and those that come with the program. It implements ``Shelf``.

    Args:
        memory: what all that is open on a GPU may take of it together.
    """

    def __init__(self, home: Home, device: Device, memory: MemoryLimit) -> None:
        self._home: Final = home
        self._device: Final[Device] = device
        self._memory: Final = memory

    def version(self, wish: Wish) -> str:
        return ServedModels(self._home, wish.configs).version(wish.use)

    def open(self, wish: Wish, *, spare: bool) -> Opened:
        on_cpu = ServedModels(self._home, wish.configs, "cpu")
        models = on_cpu if spare else ServedModels(self._home, wish.configs, self._device)
        device = models.device(wish.use)
        if device == "cuda":
            hold_to(self._memory)
        recogniser = models[wish.use]
        fallback = None
        if wish.use in _REHEARSED:
            _rehearse(recogniser, wish)
            fallback = on_cpu[wish.use] if device != "cpu" else None
        return Opened(recogniser=recogniser, fallback=fallback, device=device)


def _rehearse(recogniser: Recogniser, wish: Wish) -> None:
    """Ask about as many instruments as there will be: a graph is recorded for that many."""
    length = interval_ns(wish.interval)
    candles = {f"I{place}": _saw(recogniser.bars, length) for place in range(wish.instruments)}
    recogniser.recognise(questions_of(candles, wish.interval, length))


def _saw(bars: int, length: int) -> Candles:
    """Bars that go up and down, which no recogniser refuses."""
    close = 1.0 + 0.01 * (np.arange(bars, dtype=np.float64) % 7)
    return Candles(
        open=close,
        high=close + 0.01,
        low=close - 0.01,
        close=close,
        volume=np.ones(bars),
        ts_close=length * np.arange(1, bars + 1, dtype=np.int64),
    )
