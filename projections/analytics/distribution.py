"""How returns are distributed."""

from dataclasses import dataclass

import numpy as np

from projections.analytics.series import Numbers, doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts between edges: ``edges[i] <= value < edges[i + 1]``; the last bin holds its end."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


def histogram(values: Numbers, *, bins_max: int = 50) -> Histogram | None:
    """A histogram whose bins are chosen by the data; ``None`` without values.

    The width is Freedman and Diaconis' (1981), 2 · IQR · n^(-1/3), which outliers do not stretch,
    as long as that makes no more than ``bins_max`` bins.
    """
    data = doubles(values)
    if not len(data):
        return None
    low, high = float(data.min()), float(data.max())
    quarter, three_quarters = np.percentile(data, [25, 75])
    width = 2.0 * float(three_quarters - quarter) * len(data) ** (-1 / 3)
    bins = min(bins_max, max(1, int(np.ceil((high - low) / width)))) if width > 0 else 1
    counts, edges = np.histogram(data, bins=bins)
    return Histogram(edges=tuple(map(float, edges)), counts=tuple(map(int, counts)))
