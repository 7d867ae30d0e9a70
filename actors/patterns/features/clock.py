"""Where in the day and the week a bar closed, UTC, as places on circles."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles
from schemas.quantities import SECOND_NS

DAY_NS: Final = 86_400 * SECOND_NS
_WEEK_NS: Final = 7 * DAY_NS

CLOCK: Final = ("day_sine", "day_cosine", "week_sine", "week_cosine")
"""Features of the time, by name."""


def clock(ts_close: NDArray[np.int64]) -> Doubles:
    """float64[n, 4] for the times at which bars closed, by ``CLOCK``."""
    day = (ts_close % DAY_NS) * (2 * np.pi / DAY_NS)
    week = (ts_close % _WEEK_NS) * (2 * np.pi / _WEEK_NS)
    return np.stack([np.sin(day), np.cos(day), np.sin(week), np.cos(week)], axis=-1)
