"""Candlesticks that announce a rise, each in a falling market.

Definitions: Steve Nison, Japanese Candlestick Charting Techniques (1991), chapters 4 (umbrella
lines, engulfing), 5 (stars) and 8 (doji). Nison asks for gaps before and after a star; markets that
trade around the clock have none, so here the star's body has to lie below the first one's close.
"""

from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.view import View


def engulfing(view: View, by: RuleParameters) -> int | None:
    """A white body around the whole black body before it, and no smaller than usual."""
    first, second = view.last - 1, view.last
    engulfs = view.open[second] <= view.close[first] and view.close[second] >= view.open[first]
    seen = (
        _fell(view, first, by)
        and view.rise(first) < 0
        and view.rise(second) > view.body(first)
        and engulfs
        and view.rise(second) >= view.typical
    )
    return first if seen else None


def hammer(view: View, by: RuleParameters) -> int | None:
    """A small body at the top of a long lower shadow; also called a bullish pin bar."""
    bar = view.last
    top = max(view.open[bar], view.close[bar])
    lower = min(view.open[bar], view.close[bar]) - view.low[bar]
    return bar if _umbrella(view, float(view.high[bar] - top), float(lower), by) else None


def inverted_hammer(view: View, by: RuleParameters) -> int | None:
    """A small body at the bottom of a long upper shadow."""
    bar = view.last
    top = max(view.open[bar], view.close[bar])
    lower = min(view.open[bar], view.close[bar]) - view.low[bar]
    return bar if _umbrella(view, float(lower), float(view.high[bar] - top), by) else None


def star(view: View, by: RuleParameters) -> int | None:
    """The morning star: a tall black body, a small one below, a white one back into the first."""
    first, second, third = view.last - 2, view.last - 1, view.last
    recovered = view.close[first] + by.star_recovery * view.body(first)
    seen = (
        _fell(view, first, by)
        and view.rise(first) <= -by.tall_body * view.typical
        and view.body(second) <= by.small_body * view.typical
        and max(view.open[second], view.close[second]) <= view.close[first]
        and view.rise(third) > 0
        and view.close[third] >= recovered
    )
    return first if seen else None


def doji(view: View, by: RuleParameters) -> int | None:
    """Open and close nearly equal in a bar that went at least as far as usual; no direction."""
    bar = view.last
    wide = view.range(bar)
    return bar if wide >= view.typical and view.body(bar) <= by.doji_body * wide else None


def _umbrella(view: View, short: float, long: float, by: RuleParameters) -> bool:
    bar = view.last
    return (
        _fell(view, bar, by)
        and view.range(bar) >= view.typical
        and view.body(bar) > by.doji_body * view.range(bar)
        and long >= by.shadow_bodies * view.body(bar)
        and short <= by.stub * view.range(bar)
    )


def _fell(view: View, first: int, by: RuleParameters) -> bool:
    """Whether the market was falling into the bar before the pattern's first."""
    return view.moved(first - 1, by.trend_bars) <= -by.trend_ranges
