"""Every rule, and what it is called each way up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from actors.patterns.rules import candlesticks, continuations, reversals, triangles
from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.view import View

type Find = Callable[[View, RuleParameters], int | None]
"""Whether the last bar completes the pattern: the place of its first bar, or ``None``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One definition.

    Attributes:
        rises: the pattern's name as it is written; falls: its name upside down, or ``None`` for
            one that has no direction.
        candlestick: whether it is a candlestick, which speaks ``horizon_bars`` ahead.
    """

    rises: str
    falls: str | None
    find: Find
    candlestick: bool = False


RULES: Final = (
    Rule("doji", None, candlesticks.doji, candlestick=True),
    Rule("bullish_engulfing", "bearish_engulfing", candlesticks.engulfing, candlestick=True),
    Rule("hammer", "shooting_star", candlesticks.hammer, candlestick=True),
    Rule("inverted_hammer", "hanging_man", candlesticks.inverted_hammer, candlestick=True),
    Rule("morning_star", "evening_star", candlesticks.star, candlestick=True),
    Rule("double_bottom", "double_top", reversals.double_bottom),
    Rule("inverse_head_and_shoulders", "head_and_shoulders", reversals.inverse_head_and_shoulders),
    Rule("ascending_triangle", "descending_triangle", triangles.ascending_triangle),
    Rule("symmetrical_triangle", "symmetrical_triangle", triangles.symmetrical_triangle),
    Rule("bull_flag", "bear_flag", continuations.flag),
    Rule("range_breakout", "range_breakout", continuations.range_breakout),
)

PATTERNS: Final = tuple(
    dict.fromkeys(name for rule in RULES for name in (rule.rises, rule.falls) if name is not None)
)
"""The name of every pattern there is a rule for."""
