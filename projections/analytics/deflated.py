"""How much of a Sharpe ratio is left when it is the best of many that were tried.

Sources: Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15
(2012), and "The Deflated Sharpe Ratio", Journal of Portfolio Management 40 (2014). All ratios are
of one period, not annualised.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from projections.analytics.ratios import sharpe_ratio
from projections.analytics.series import Numbers, doubles

_EULER: Final = 0.5772156649015329
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What of a record of returns says how far its Sharpe ratio can be trusted.

    Attributes:
        sharpe: mean over standard deviation.
        periods: how many returns.
        skewness: 0 for a symmetric distribution; kurtosis: 3 for the normal one.
    """

    sharpe: float
    periods: int
    skewness: float = 0.0
    kurtosis: float = 3.0


def track_of(returns: Numbers) -> Track | None:
    """The record of these returns; ``None`` where there is no Sharpe ratio."""
    values = doubles(returns)
    sharpe = sharpe_ratio(values, periods_per_year=1.0)
    if sharpe is None:
        return None
    centred = values - np.mean(values)
    spread = math.sqrt(float(np.mean(centred**2)))
    return Track(
        sharpe=sharpe,
        periods=len(values),
        skewness=float(np.mean(centred**3)) / spread**3,
        kurtosis=float(np.mean(centred**4)) / spread**4,
    )


def expected_maximum(variance: float, trials: int) -> float:
    """The best Sharpe ratio to be expected of so many trials without any skill.

    Args:
        variance: of the trials' ratios.

    Raises:
        ValueError: there is no trial.
    """
    if trials < 1:
        raise ValueError(f"{trials} trials have no best")
    if trials == 1:
        return 0.0
    best = _NORMAL.inv_cdf(1 - 1 / trials)
    beyond = _NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance) * ((1 - _EULER) * best + _EULER * beyond)


def probabilistic_sharpe(track: Track, benchmark: float) -> float | None:
    """The probability that the true Sharpe ratio is above ``benchmark``.

    ``None`` where the moments contradict each other, as they may over very few returns.
    """
    sharpe = track.sharpe
    spread = 1 - track.skewness * sharpe + (track.kurtosis - 1) / 4 * sharpe**2
    if spread <= 0:
        return None
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt((track.periods - 1) / spread))


def deflated_sharpe(track: Track, *, variance: float, trials: int) -> float | None:
    """The probability that the best of ``trials`` is better than luck would have made it."""
    return probabilistic_sharpe(track, expected_maximum(variance, trials))
