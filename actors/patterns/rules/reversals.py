"""Formations at the end of a fall, complete when a close breaks their neckline.

Double bottom: Thomas Bulkowski, Encyclopedia of Chart Patterns (2nd edition, 2005). Head and
shoulders: Lo, Mamaysky and Wang (2000), "Foundations of Technical Analysis", Journal of Finance
55(4), section II.A: five turns, of which the middle one stands out and the others are pairs about
the same. They take turns of a smoothed price, and 1.5 % for "about the same"; here a turn is the
extreme of the bars around it and the measure is the formation's height, so that an interval of a
minute is judged like one of a day.
"""

from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.view import Pivot, View, level_line, line_through


def double_bottom(view: View, by: RuleParameters) -> int | None:
    """Two lows at about the same price, and a close above the high between them."""
    for left, top, right in view.turns(3):
        height = top.price - (left.price + right.price) / 2
        seen = (
            height >= by.height_ranges * view.typical
            and abs(left.price - right.price) <= by.level * height
            and _came_from_above(view, left, top.price)
            and view.crosses(level_line(view, top.price), top.bar)
        )
        if seen:
            return left.bar
    return None


def inverse_head_and_shoulders(view: View, by: RuleParameters) -> int | None:
    """Three lows, the middle one lowest, and a close above the line through the highs between."""
    for left, first_top, head, second_top, right in view.turns(5):
        neckline = line_through(view, first_top, second_top)
        height = float(neckline[head.bar]) - head.price
        seen = (
            height >= by.height_ranges * view.typical
            and min(left.price, right.price) - head.price >= by.prominence * height
            and abs(left.price - right.price) <= by.shoulder * height
            and abs(first_top.price - second_top.price) <= by.shoulder * height
            and right.price < float(neckline[right.bar])
            and _came_from_above(view, left, first_top.price)
            and view.crosses(neckline, second_top.bar)
        )
        if seen:
            return left.bar
    return None


def _came_from_above(view: View, left: Pivot, level: float) -> bool:
    """Whether the market fell into the formation: as long before, it was higher than inside."""
    before = view.high[max(2 * left.bar - view.last, 0) : left.bar]
    return bool((before > level).any())
