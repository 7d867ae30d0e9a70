"""Returns by period, and the distribution of trade returns."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from schemas.quantities import SECOND_NS, Nanoseconds

DAY_NS: Final = 86_400 * SECOND_NS


class PeriodReturns[K: (int, tuple[int, int])]:
    """Folds an equity curve into each period's change against the close of the one before it."""

    def __init__(self, start: Decimal, period_of: Callable[[Nanoseconds], K]) -> None:
        self._start: Final = start
        self._period_of: Final[Callable[[Nanoseconds], K]] = period_of
        self._closes: Final[dict[K, Decimal]] = {}

    def add(self, ts: Nanoseconds, equity: Decimal) -> None:
        """Take the next value; a period's last one counts."""
        self._closes[self._period_of(ts)] = equity

    def returns(self) -> list[tuple[K, float]]:
        """Each period that had a value with its return as a fraction, in order."""
        befores = (self._start, *self._closes.values())
        return [
            (period, float(close / before - 1) if before else 0.0)
            for before, (period, close) in zip(befores, self._closes.items(), strict=False)
        ]


def month_of(ts: Nanoseconds) -> tuple[int, int]:
    """Year and month (UTC)."""
    at = datetime.fromtimestamp(ts // SECOND_NS, UTC)
    return at.year, at.month


def day_of(ts: Nanoseconds) -> int:
    """Days since 1970-01-01 (UTC)."""
    return ts // DAY_NS


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values lie from ``low`` (included) to ``high``."""

    low: float
    high: float
    count: int

    @property
    def width(self) -> float:
        """How much it spans."""
        return self.high - self.low


def histogram(values: Sequence[float], bins: int = 25) -> tuple[Bin, ...]:
    """Equal bins over the values, one edge exactly at zero so that no bin mixes gain and loss."""
    if not values:
        return ()
    low, high = min(0.0, *values), max(0.0, *values)
    width = _nice((high - low) / bins) or 1.0
    first = math.floor(low / width)
    count = max(1, math.floor(high / width) - first + 1)
    counts = [0] * count
    for value in values:
        counts[min(count - 1, math.floor(value / width) - first)] += 1
    return tuple(
        Bin((first + place) * width, (first + place + 1) * width, found)
        for place, found in enumerate(counts)
    )


def _nice(width: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is no less than ``width``."""
    if width <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9))
