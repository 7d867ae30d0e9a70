"""Where a price stands in a picture, and which prices are written beside it."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles


@dataclass(frozen=True, slots=True)
class Scale:
    """Prices from ``low`` at the bottom row to ``high`` at the top row.

    Attributes:
        top: the uppermost row; rows: how many there are.
    """

    low: float
    high: float
    top: int
    rows: int

    def row(self, price: Doubles) -> NDArray[np.int64]:
        """The nearest row of each price; the middle one where the price never moves."""
        if self.high == self.low:
            return np.full(price.shape, self.top + (self.rows - 1) // 2, dtype=np.int64)
        share = (self.high - price) / (self.high - self.low)
        return np.asarray(self.top + np.rint(share * (self.rows - 1))).astype(np.int64)

    def labels(self, wanted: int) -> list[tuple[str, int]]:
        """About ``wanted`` round prices as text, with their rows."""
        step = _round_step((self.high - self.low) / wanted)
        if step is None:
            return [(f"{self.low:.6g}", int(self.row(np.array([self.low]))[0]))]
        decimals = max(0, -floor(log10(step) + 1e-9))
        first, last = ceil(self.low / step), floor(self.high / step)
        prices = [number * step for number in range(first, last + 1)]
        rows = self.row(np.array(prices, dtype=np.float64))
        return [
            (f"{price:.{decimals}f}", int(row)) for price, row in zip(prices, rows, strict=True)
        ]


def _round_step(least: float) -> float | None:
    """The first of 1, 2, 5, 10, 20 ... that is not below; ``None`` for no distance at all."""
    if least <= 0:
        return None
    power = 10.0 ** floor(log10(least))
    return next(each * power for each in (1.0, 2.0, 5.0, 10.0) if each * power >= least)
