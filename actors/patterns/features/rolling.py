"""Statistics along the last axis of windows, oldest first.

Every function reduces the last axis of a C-contiguous array, so that a row comes out bit for bit
the same alone and among ten thousand. Where a statistic has no value (nothing moved) it is zero.
"""

from typing import Final

import numpy as np

from projections.analytics.series import Doubles

STILL: Final = 1e-12
"""Deviations of log prices below this are rounding, not movement."""


def share(part: Doubles, whole: Doubles, still: float = STILL) -> Doubles:
    """``part / whole``; zero where ``whole`` is no more than ``still``."""
    moving = np.abs(whole) > still
    return np.asarray(np.where(moving, part / np.where(moving, whole, 1.0), 0.0))


def last(window: Doubles, length: int) -> Doubles:
    """The newest ``length`` values, contiguous."""
    return np.ascontiguousarray(window[..., -length:])


def mean(window: Doubles, length: int) -> Doubles:
    """Of the newest ``length`` values."""
    return np.asarray(last(window, length).sum(axis=-1) / length)


def deviation(window: Doubles, length: int) -> Doubles:
    """Population standard deviation of the newest ``length`` values."""
    newest = _centred(last(window, length))
    return np.asarray(np.sqrt((newest * newest).sum(axis=-1) / length))


def correlation(left: Doubles, right: Doubles) -> Doubles:
    """Pearson's, -1 to 1, over the whole last axis."""
    a, b = _centred(left), _centred(right)
    scale = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    return np.clip(share((a * b).sum(axis=-1), scale, STILL**2), -1.0, 1.0)


def slope(of: Doubles, on: Doubles) -> Doubles:
    """Least squares: how much ``of`` moves when ``on`` moves by one."""
    a, b = _centred(of), _centred(on)
    return share((a * b).sum(axis=-1), (b * b).sum(axis=-1), STILL**2)


def _centred(values: Doubles) -> Doubles:
    return np.ascontiguousarray(values - values.mean(axis=-1, keepdims=True))
