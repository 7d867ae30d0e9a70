"""All rows of a panel at once, for training."""

from typing import Final

import numpy as np

from actors.patterns.features.feature_set import LOOKBACK, FeatureSet
from actors.patterns.features.panel import Panel
from projections.analytics.series import Doubles

_TOGETHER: Final = 2048
"""Moments whose windows are laid out in memory at once."""


def feature_rows(features: FeatureSet, panel: Panel, first: int = 0) -> Doubles:
    """The features of every moment from ``first`` on; row ``t`` knows bars up to ``t`` alone.

    Returns:
        float64[n - first, k, len(columns)]; NaN until an instrument's first bar lies ``LOOKBACK``
        moments back.
    """
    moments, width = len(panel) - first, len(panel.instruments)
    rows = np.full((moments, width, len(features.columns)), np.nan)
    padded = np.concatenate(
        [np.repeat(panel.values[:, :1], LOOKBACK - 1, axis=1), panel.values], axis=1
    )
    windows = np.lib.stride_tricks.sliding_window_view(padded, LOOKBACK, axis=1)[:, first:]
    ready = (np.cumsum(panel.started, axis=0) >= LOOKBACK)[first:]
    times = panel.ts_close[first:]
    for start in range(0, moments, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        found = features.rows(np.ascontiguousarray(windows[:, some]), times[some])
        rows[some] = np.where(ready[some, :, None], found, np.nan)
    return rows
