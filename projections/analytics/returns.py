"""Returns of an equity curve, and how the curve is sampled for them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles, Numbers, doubles
from schemas.quantities import SECOND_NS

DAY_NS: Final = 86_400 * SECOND_NS
YEAR_NS: Final = 365.25 * DAY_NS


def simple_returns(equity: Numbers) -> Doubles:
    """Each value over the one before, less one; one fewer than there are values.

    Raises:
        ValueError: a value that is divided by is not positive.
    """
    curve = doubles(equity)
    if (curve[:-1] <= 0).any():
        raise ValueError("there is no return on an equity of zero or less")
    return curve[1:] / curve[:-1] - 1.0


def sampled(
    ts: NDArray[np.int64], equity: Numbers, *, period_ns: int = DAY_NS
) -> tuple[NDArray[np.int64], Doubles]:
    """The last value of every period, aligned to midnight UTC, periods without one left out.

    Days on which nothing was valued (weekends, holidays) so make no returns of zero, which would
    flatter the volatility; ``periods_per_year`` counts what is there.

    Args:
        ts: UTC nanoseconds, not descending; one for each value.

    Returns:
        The times and values of the samples.

    Raises:
        ValueError: the times and values are not equally many, or the times descend.
    """
    curve = doubles(equity)
    if len(ts) != len(curve):
        raise ValueError(f"{len(ts)} times for {len(curve)} values")
    if (np.diff(ts) < 0).any():
        raise ValueError("the times descend")
    last = np.append(np.diff(ts // period_ns) != 0, True)[: len(ts)]
    return ts[last], curve[last]


def periods_per_year(ts: NDArray[np.int64]) -> float | None:
    """How many samples a year has at the pace of these times: the factor that annualises.

    A curve of business days comes to about 261 (trading days of an exchange: 252), one of a market
    that never closes to 365. ``None`` with fewer than two times.
    """
    if len(ts) < 2 or ts[-1] == ts[0]:
        return None
    return float((len(ts) - 1) * YEAR_NS / int(ts[-1] - ts[0]))
