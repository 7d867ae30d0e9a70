"""Pauses, complete when a close leaves them upwards.

Flags: Edwards and Magee (1948), chapter 11, and Bulkowski (2005): a steep pole, then a short narrow
pause that drifts against it and gives back no more than about half. Ranges: Edwards and Magee,
chapter 9 (rectangles); the break of a channel of highs and lows as a signal goes back to Richard
Donchian.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.view import View, level_line

_TOUCHES: Final = 2


def flag(view: View, by: RuleParameters) -> int | None:
    """A steep rise, a pause that drifts down a little, and a close above the pause."""
    earliest = view.last - 1 - by.flag_bars_max
    if earliest < by.pole_bars:
        return None
    top = earliest + int(np.argmax(view.high[earliest : view.last]))
    pause = slice(top + 1, view.last)
    length = view.last - 1 - top
    if not by.flag_bars_min <= length <= by.flag_bars_max:
        return None
    base = top - by.pole_bars + int(np.argmin(view.low[top - by.pole_bars : top + 1]))
    pole = float(view.high[top] - view.low[base])
    seen = (
        pole >= by.pole_ranges * view.typical
        and float(view.high[top] - view.low[pause].min()) <= by.flag_retreat * pole
        and float(view.close[view.last - 1]) <= float(view.close[top])
        and view.crosses(level_line(view, float(view.high[pause].max())), top)
    )
    return base if seen else None


def range_breakout(view: View, by: RuleParameters) -> int | None:
    """A narrow range whose edges were both reached more than once, and a close above it."""
    first = view.last - by.range_bars
    inside = slice(first, view.last)
    high, low = view.high[inside], view.low[inside]
    top, bottom = float(high.max()), float(low.min())
    height = top - bottom
    near = by.level * height
    seen = (
        float(view.close[view.last]) > top
        and height <= by.range_ranges * view.typical
        and _visits(high >= top - near) >= _TOUCHES
        and _visits(low <= bottom + near) >= _TOUCHES
    )
    return first if seen else None


def _visits(there: NDArray[np.bool_]) -> int:
    """How many times one came there, however many bars one stayed."""
    return int(there[0]) + int((there[1:] & ~there[:-1]).sum())
