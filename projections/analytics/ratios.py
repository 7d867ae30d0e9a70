"""Reward to risk.

Sources: Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21 (1994); Sortino and Price,
"Performance Measurement in a Downside Risk Framework", Journal of Investing 3 (1994).
"""

import math

import numpy as np

from projections.analytics.series import Doubles, Numbers, doubles


def sharpe_ratio(
    returns: Numbers, *, periods_per_year: float, risk_free: float = 0.0
) -> float | None:
    """Mean excess return over its standard deviation (of a sample: n - 1), times √periods a year.

    Args:
        returns: of one period each.
        periods_per_year: what annualises; ``returns.periods_per_year`` counts it.
        risk_free: return of one period without risk.

    Returns:
        ``None`` with fewer than two returns, or when they are all the same.
    """
    excess = doubles(returns) - risk_free
    if len(excess) < 2:
        return None
    deviation = float(np.std(excess, ddof=1))
    if deviation <= _noise(excess):
        return None
    return float(np.mean(excess)) / deviation * math.sqrt(periods_per_year)


def sortino_ratio(
    returns: Numbers, *, periods_per_year: float, target: float = 0.0
) -> float | None:
    """Mean return above the target over the downside deviation, times √periods a year.

    The downside deviation is the root of the mean square of the shortfalls, over all returns and
    not just those below the target. ``None`` when none is below it, or there are fewer than two.
    """
    excess = doubles(returns) - target
    if len(excess) < 2:
        return None
    deviation = float(np.sqrt(np.mean(np.minimum(excess, 0.0) ** 2)))
    if deviation == 0.0:
        return None
    return float(np.mean(excess)) / deviation * math.sqrt(periods_per_year)


def volatility(returns: Numbers, *, periods_per_year: float) -> float | None:
    """Standard deviation of the returns (n - 1), annualised; ``None`` with fewer than two."""
    values = doubles(returns)
    if len(values) < 2:
        return None
    return float(np.std(values, ddof=1)) * math.sqrt(periods_per_year)


def _noise(values: Doubles) -> float:
    # Equal returns leave a deviation of rounding errors, over which a ratio would be huge.
    return float(np.max(np.abs(values))) * len(values) * float(np.finfo(np.float64).eps)
