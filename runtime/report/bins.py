"""Bins for a picture: round edges, one of them at zero, so that no bin mixes gain and loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


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


def bins_of(values: Sequence[float], count: int = 25) -> tuple[Bin, ...]:
    """About ``count`` equal bins that span the values and zero; none without values."""
    if not values:
        return ()
    low, high = min(0.0, *values), max(0.0, *values)
    width = _nice((high - low) / count) or 1.0
    first = math.floor(low / width)
    counts = [0] * max(1, math.floor(high / width) - first + 1)
    for value in values:
        counts[math.floor(value / width) - first] += 1
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
