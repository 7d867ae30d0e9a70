"""Converging formations, complete when a close leaves them upwards.

Robert Edwards and John Magee, Technical Analysis of Stock Trends (1948), chapter 8, and Bulkowski
(2005): two converging lines, touched five times at least. Here the five are the newest turns, three
lows and two highs.
"""

from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.view import Pivot, View, level_line, line_through


def ascending_triangle(view: View, by: RuleParameters) -> int | None:
    """Highs at about the same price, lows that rise, and a close above the highs."""
    for first, left, middle, right, last in view.turns(5):
        top = max(left.price, right.price)
        height = top - first.price
        seen = (
            height >= by.height_ranges * view.typical
            and abs(left.price - right.price) <= by.level * height
            and left.price - middle.price >= by.swing * height
            and _rise_in_line(view, (first, middle, last), height, by)
            and view.crosses(level_line(view, top), left.bar)
        )
        if seen:
            return first.bar
    return None


def symmetrical_triangle(view: View, by: RuleParameters) -> int | None:
    """Highs that fall, lows that rise, and a close above the line of highs before the two meet."""
    for first, left, middle, right, last in view.turns(5):
        upper, lower = line_through(view, left, right), line_through(view, first, last)
        height = left.price - first.price
        seen = (
            height >= by.height_ranges * view.typical
            and left.price - right.price >= by.convergence * height
            and left.price - middle.price >= by.swing * height
            and _rise_in_line(view, (first, middle, last), height, by)
            and float(upper[-1]) > float(lower[-1])
            and view.crosses(upper, left.bar)
        )
        if seen:
            return first.bar
    return None


def _rise_in_line(
    view: View, lows: tuple[Pivot, Pivot, Pivot], height: float, by: RuleParameters
) -> bool:
    first, middle, last = lows
    expected = float(line_through(view, first, last)[middle.bar])
    return (
        last.price - first.price >= by.convergence * height
        and abs(middle.price - expected) <= by.level * height
    )
