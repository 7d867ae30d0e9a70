"""Which bars close beyond the range of those before them: the classes of the pattern head."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles

PATTERNS: Final = ("none", "breakout_down", "breakout_up")
"""What a bar can be, in the order of a model's pattern head."""

BARS: Final = 20


def breakouts(high: Doubles, low: Doubles, close: Doubles) -> NDArray[np.int64]:
    """Donchian's rule: a close above the highest high, or below the lowest low, of 20 bars before.

    Returns:
        int64[n], index into ``PATTERNS``; the first 20 bars are ``none``.
    """
    found = np.zeros(len(close), dtype=np.int64)
    if len(close) <= BARS:
        return found
    highest = np.lib.stride_tricks.sliding_window_view(high, BARS)[:-1].max(axis=1)
    lowest = np.lib.stride_tricks.sliding_window_view(low, BARS)[:-1].min(axis=1)
    found[BARS:] = np.where(close[BARS:] > highest, 2, np.where(close[BARS:] < lowest, 1, 0))
    return found
