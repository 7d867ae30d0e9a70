"""What the other modules take: arrays of doubles, and what to refuse."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Doubles = NDArray[np.float64]
type Numbers = Sequence[float] | Doubles


def doubles(values: Numbers) -> Doubles:
    """The values as a one-dimensional array.

    Raises:
        ValueError: they are not one-dimensional, or one is not finite.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"one dimension is wanted, not {array.ndim}")
    if not np.isfinite(array).all():
        raise ValueError(f"value {int(np.argmin(np.isfinite(array)))} is not a finite number")
    return array
