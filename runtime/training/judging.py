"""Figures of probabilities against what came: means over folds with their standard errors."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.models.architecture import DIRECTIONS
from actors.patterns.models.calibration import calibration_error, reliability
from actors.patterns.models.card import Measured
from projections.analytics.series import Doubles

FIGURES: Final = ("accuracy", "log_loss", "brier", "calibration_error")

_LEAST: Final = 1e-9
"""A probability of nothing would make one surprise outweigh everything."""


def figures(said: Doubles, classes: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy, log-loss (nats), Brier score (summed over classes) and expected calibration error.

    Args:
        said: float64[n, 3], probabilities; classes: int64[n], what came.
    """
    hot = np.eye(DIRECTIONS)[classes]
    right = np.take_along_axis(said, classes[:, None], axis=1)[:, 0]
    return {
        "accuracy": float((said.argmax(axis=1) == classes).mean()),
        "log_loss": float(-np.log(np.maximum(right, _LEAST)).mean()),
        "brier": float(((said - hot) ** 2).sum(axis=1).mean()),
        "calibration_error": calibration_error(reliability(said, classes)),
    }


def measured(folds: Sequence[Mapping[str, float]]) -> dict[str, Measured]:
    """Each figure's mean over folds, and the standard error of the mean; zero for one fold."""
    found = {}
    for name in folds[0]:
        values = np.array([fold[name] for fold in folds])
        error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
        found[name] = Measured(mean=float(values.mean()), error=float(error))
    return found


def confusion(said: Doubles, classes: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """Counts; rows are what came, columns what was said: down, flat, up."""
    places = classes * DIRECTIONS + said.argmax(axis=1)
    counts = np.bincount(places, minlength=DIRECTIONS**2).reshape(DIRECTIONS, DIRECTIONS)
    return tuple(tuple(int(count) for count in row) for row in counts)
