"""The colour chart that a vision-language model is asked about: several intervals of one window."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from actors.patterns.charts.colour import Part, candle_chart
from actors.patterns.charts.slower import slower

SHOWN: Final = 60
"""Candles of the interval that is asked about."""

_SLOWER: Final = (4, 16)
_SLOWER_SHOWN: Final = 40
_SLOWER_LEAST: Final = 5


def several_intervals(interval: str, candles: Candles) -> NDArray[np.uint8]:
    """The last 60 candles, and below them candles of four and sixteen intervals, 40 at most.

    A slower part is there if the window makes five candles of it: 20 and 80 bars.

    Returns:
        uint8[448, 448, 3].

    Raises:
        UnfitBars: there is no candle.
    """
    parts = [Part(interval, candles[-SHOWN:])]
    for together in _SLOWER:
        slow = slower(candles, together)
        if len(slow) >= _SLOWER_LEAST:
            parts.append(Part(_times(interval, together), slow[-_SLOWER_SHOWN:]))
    return candle_chart(parts)


def _times(interval: str, together: int) -> str:
    count, unit = re.fullmatch(r"(\d+)([smhd])", interval).groups()  # type: ignore[union-attr]
    return f"{int(count) * together}{unit}"
