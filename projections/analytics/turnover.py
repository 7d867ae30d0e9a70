"""How much was traded for the capital at work."""

import numpy as np

from projections.analytics.returns import YEAR_NS
from projections.analytics.series import Numbers, doubles


def turnover(notionals: Numbers, equity: Numbers, *, span_ns: int) -> float | None:
    """Traded notional (both ways counted) over mean equity, a year.

    Args:
        notionals: of every fill, unsigned, in the currency of the equity.
        equity: of every valuation.
        span_ns: market time from the first valuation to the last.

    Returns:
        ``None`` when no time passed, or the mean equity is not positive.
    """
    worth = doubles(equity)
    if span_ns <= 0 or not len(worth) or float(np.mean(worth)) <= 0:
        return None
    traded = float(np.abs(doubles(notionals)).sum())
    return traded / float(np.mean(worth)) * (YEAR_NS / span_ns)
