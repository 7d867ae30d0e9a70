"""The newest rows of panels that come again a bar later, computed once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.features.bulk import feature_rows
from actors.patterns.features.feature_set import FeatureSet
from actors.patterns.features.panel import Panel
from projections.analytics.series import Doubles

_KEPT: Final = 64
"""Groups of instruments whose last panel is remembered."""


class RecentRows:
    """Rows of features by panel. The last panel again costs nothing, moved on by a moment one row;
    any other costs all of them, and comes to the same bits.
    """

    def __init__(self, features: FeatureSet) -> None:
        self._features: Final = features
        self._last: Final[dict[tuple[str, ...], tuple[Panel, Doubles]]] = {}

    def of(self, panel: Panel, context: int) -> NDArray[np.float32]:
        """The newest ``context`` rows of a panel of ``LOOKBACK + context - 1`` moments.

        Returns:
            float32[k, context, columns]; zero where an instrument is not known far enough back.
        """
        before = self._last.pop(panel.instruments, None)
        if before is not None and _same(panel, before[0]):
            rows = before[1]
        elif before is not None and _follows(panel, before[0]):
            newest = feature_rows(self._features, panel, len(panel) - 1)
            rows = np.concatenate((before[1][1:], newest))
        else:
            rows = feature_rows(self._features, panel, len(panel) - context)
        self._last[panel.instruments] = (panel, rows)
        if len(self._last) > _KEPT:
            del self._last[next(iter(self._last))]
        return np.ascontiguousarray(np.swapaxes(np.nan_to_num(rows), 0, 1), dtype=np.float32)


def _same(panel: Panel, before: Panel) -> bool:
    return (
        np.array_equal(panel.ts_close, before.ts_close)
        and np.array_equal(panel.values, before.values)
        and np.array_equal(panel.started, before.started)
    )


def _follows(panel: Panel, before: Panel) -> bool:
    return (
        np.array_equal(panel.ts_close[:-1], before.ts_close[1:])
        and np.array_equal(panel.values[:, :-1], before.values[:, 1:])
        and np.array_equal(panel.started[:-1], before.started[1:])
    )
