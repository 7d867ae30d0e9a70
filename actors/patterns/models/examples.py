"""What a model learns from: rows of features, pictures, and what followed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Taught:
    """What a teacher said of the samples.

    Attributes:
        said: float32[s, k, 3], probability of down, flat and up; NaN where it was silent.
        weight: its share in what is learned where it spoke, 0 to 1; the rest is what came.
    """

    said: Singles
    weight: float

    @property
    def spoke(self) -> NDArray[np.bool_]:
        """bool[s, k]."""
        return np.isfinite(self.said[..., 0])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Examples:
    """Samples at ``s`` of a panel's ``m`` moments, of ``k`` instruments.

    Attributes:
        rows: float32[m, k, columns], features of every moment; anything where they are unknown.
        moments: int64[s], ascending: the moment of each sample.
        charts: uint8[s, k, height, width].
        usable: bool[s, k]: all inputs are known.
        direction: int64[s, k], an ``Outcome`` or ``UNKNOWN``.
        reached, volatility: float32[s, k], as in ``Outcomes``; NaN where unknown.
        pattern: int64[s, k], index into the architecture's patterns.
        start, end: int64[s], time of each sample and the last one that its labels looked at.
        taught: what a teacher said, if there is one.
    """

    rows: Singles
    moments: NDArray[np.int64]
    charts: NDArray[np.uint8]
    usable: NDArray[np.bool_]
    direction: NDArray[np.int64]
    reached: Singles
    volatility: Singles
    pattern: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    taught: Taught | None = None

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """bool[s, k]: usable, and what followed is known."""
        return np.asarray(self.usable & (self.direction >= 0))
