"""What an instrument's own bars say: moves, volatility, range, position, volume, indicators.

Indicators that usually remember everything (Wilder's averages) are taken over their window alone,
as Cutler's relative strength index is, so that a row depends on a known number of bars.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from actors.patterns.features.rolling import correlation, deviation, last, mean, share
from actors.patterns.features.window import Window
from projections.analytics.series import Doubles

type Feature = Callable[[Window], Doubles]
"""float64[n, k] from the windows that end at ``n`` moments, of ``k`` instruments."""

LIMIT: Final = 10.0
"""Ratios are cut here: one print of a thousand times the usual volume says no more than ten."""


def _moved(bars: int, window: Window) -> Doubles:
    return np.clip(window.moved(bars), -LIMIT, LIMIT)


def _volatility(window: Window) -> Doubles:
    return np.log(np.maximum(window.deviation, 1e-7))


def _volatility_ratio(window: Window) -> Doubles:
    short, long = deviation(window.returns, 8), deviation(window.returns, 48)
    return np.clip(share(short, long), 0.0, LIMIT)


def _parkinson(window: Window) -> Doubles:
    """Parkinson (1980): deviation from highs and lows, beside the one from closes."""
    span = np.log(last(window.high, 16) / last(window.low, 16))
    estimate = np.sqrt((span * span).sum(axis=-1) / (16 * 4 * np.log(2.0)))
    return np.clip(share(estimate, window.deviation), 0.0, LIMIT)


def _range(window: Window) -> Doubles:
    span = np.log(window.high[..., -1] / window.low[..., -1])
    return np.clip(share(span, window.deviation), 0.0, LIMIT)


def _body(window: Window) -> Doubles:
    """Close less open as a share of the bar's range, -1 to 1."""
    span = window.high[..., -1] - window.low[..., -1]
    return share(window.close[..., -1] - window.open[..., -1], span)


def _close_in_bar(window: Window) -> Doubles:
    """Where the close lies between low and high, -0.5 to 0.5."""
    low, span = window.low[..., -1], window.high[..., -1] - window.low[..., -1]
    return np.where(span > 0, share(window.close[..., -1] - low, span) - 0.5, 0.0)


def _close_in_range(bars: int, window: Window) -> Doubles:
    """Where the close lies between the lowest low and the highest high, -0.5 to 0.5."""
    lowest = window.low[..., -bars:].min(axis=-1)
    span = window.high[..., -bars:].max(axis=-1) - lowest
    return np.where(span > 0, share(window.close[..., -1] - lowest, span) - 0.5, 0.0)


def _volume(window: Window) -> Doubles:
    """The bar's volume beside the mean of the 16 bars up to it."""
    return np.clip(share(window.volume[..., -1], mean(window.volume, 16)), 0.0, LIMIT)


def _volume_with_price(window: Window) -> Doubles:
    moves = np.abs(last(window.returns, 32))
    return correlation(moves, last(window.volume, 32))


def _relative_strength_index(window: Window) -> Doubles:
    """Cutler's, over 14 returns, moved to -0.5 to 0.5."""
    changes = last(window.returns, 14)
    gains = np.maximum(changes, 0.0).sum(axis=-1)
    moves = np.abs(changes).sum(axis=-1)
    return np.where(moves > 0, share(gains, moves) - 0.5, 0.0)


def _bollinger(window: Window) -> Doubles:
    """Deviations of the close from the mean of 20 closes."""
    gap = window.close[..., -1] - mean(window.close, 20)
    scale = deviation(window.close, 20)
    return np.clip(share(gap, scale, 1e-9), -LIMIT, LIMIT)


def _averages_apart(window: Window) -> Doubles:
    """The mean of 8 closes beside the mean of 32, in deviations of a return."""
    gap = np.log(mean(window.close, 8) / mean(window.close, 32))
    return np.clip(share(gap, window.deviation), -LIMIT, LIMIT)


def _efficiency(window: Window) -> Doubles:
    """Kaufman's ratio over 16 returns: the way made beside the way walked, signed."""
    changes = last(window.returns, 16)
    return share(changes.sum(axis=-1), np.abs(changes).sum(axis=-1))


def _persistence(window: Window) -> Doubles:
    """Correlation of neighbouring returns over 32 bars."""
    newest = last(window.returns, 33)
    return correlation(last(newest, 32), np.ascontiguousarray(newest[..., :-1]))


OWN: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        **{f"return_{bars}": partial(_moved, bars) for bars in (1, 2, 4, 8, 16, 48)},
        "volatility": _volatility,
        "volatility_ratio": _volatility_ratio,
        "parkinson": _parkinson,
        "range": _range,
        "body": _body,
        "close_in_bar": _close_in_bar,
        "close_in_16": partial(_close_in_range, 16),
        "close_in_48": partial(_close_in_range, 48),
        "volume": _volume,
        "volume_with_price": _volume_with_price,
        "rsi_14": _relative_strength_index,
        "bollinger_20": _bollinger,
        "averages_8_32": _averages_apart,
        "efficiency_16": _efficiency,
        "persistence_32": _persistence,
    }
)
"""Features of one instrument, by name."""


def _spread(window: Window) -> Doubles:
    """The bar's mean spread in deviations of a return."""
    relative = share(window.spread[..., -1], window.close[..., -1])
    return np.clip(share(relative, window.deviation), 0.0, LIMIT)


def _spread_change(window: Window) -> Doubles:
    return np.clip(share(window.spread[..., -1], mean(window.spread, 16), 1e-15), 0.0, LIMIT)


def _flow(bars: int, window: Window) -> Doubles:
    return mean(window.flow, bars)


QUOTED: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "spread": _spread,
        "spread_change": _spread_change,
        "flow_1": partial(_flow, 1),
        "flow_16": partial(_flow, 16),
    }
)
"""Features that need ticks, by name; zero where there are none."""
