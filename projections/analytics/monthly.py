"""Returns by calendar month."""

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Numbers, doubles
from schemas.quantities import SECOND_NS

type Month = tuple[int, int]
"""Year and month, 1 to 12."""


def monthly_returns(ts: NDArray[np.int64], equity: Numbers) -> dict[Month, float]:
    """The return of every month in UTC, from the last value before it to its own last value.

    The first month begins at the first value. A month without values returned nothing, and is there
    with 0. The product of (1 + return) over all months is the last value over the first.

    Raises:
        ValueError: times and values are not equally many, or a value divided by is not positive.
    """
    curve = doubles(equity)
    if len(ts) != len(curve):
        raise ValueError(f"{len(ts)} times for {len(curve)} values")
    if not len(curve):
        return {}
    lasts = {_month(moment): float(value) for moment, value in zip(ts, curve, strict=True)}
    returns: dict[Month, float] = {}
    before = float(curve[0])
    for month in _between(_month(ts[0]), _month(ts[-1])):
        if before <= 0:
            raise ValueError(f"there is no return on the equity of {before} before {month}")
        value = lasts.get(month, before)
        returns[month] = value / before - 1.0
        before = value
    return returns


def _month(moment: np.int64) -> Month:
    when = datetime.fromtimestamp(int(moment) // SECOND_NS, UTC)
    return when.year, when.month


def _between(first: Month, last: Month) -> list[Month]:
    months = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return [(month // 12, month % 12 + 1) for month in months]
