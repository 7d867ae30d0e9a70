"""Making probabilities honest on samples that were not learned from, and saying how honest."""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scaling:
    """``softmax((logits + bias) / temperature)``; ``bias`` is float64[classes]."""

    temperature: float
    bias: Doubles


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """Answers whose confidence lay in one tenth.

    Attributes:
        confidence: their mean; accuracy: the share of them that were right.
    """

    confidence: float
    accuracy: float
    count: int


def probabilities(logits: Doubles, scaling: Scaling) -> Doubles:
    """float64[n, classes] that sum to one."""
    scaled = (logits + scaling.bias) / scaling.temperature
    risen = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=1, keepdims=True))


def fit_scaling(
    logits: Doubles, classes: NDArray[np.int64], *, overlap: int = 1, steps: int = 200
) -> Scaling:
    """The scaling of the least log-loss, by Newton's method in 1 / temperature and the biases.

    It is pulled towards saying no more than how often each class occurs, as strongly as one sample
    would: what the logits know must show itself.

    Args:
        logits: float64[n, classes]; classes: int64[n], what was right.
        overlap: how many neighbours look at the same bars, and so count as one sample.
    """
    width = logits.shape[1]
    hot = np.eye(width)[classes]
    # One column for the logits and one a class: a multinomial regression of width + 1 numbers.
    design = np.concatenate(
        [logits[:, :, None], np.broadcast_to(np.eye(width), (len(logits), width, width))], axis=2
    )
    shares = (hot.sum(axis=0) + 1) / (len(hot) + width)
    ignorant = np.concatenate(([0.0], np.log(shares)))
    weights = ignorant.copy()
    for _ in range(steps):
        scaled = design @ weights
        risen = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        said = risen / risen.sum(axis=1, keepdims=True)
        slope = np.einsum("nc,ncw->w", said - hot, design) / overlap + weights - ignorant
        weighted = design * said[:, :, None]
        centre = weighted.sum(axis=1)
        bend = np.einsum("ncw,ncv->wv", weighted, design) - centre.T @ centre
        step = np.linalg.solve(bend / overlap + np.eye(width + 1), slope)
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    sharpness = max(float(weights[0]), 1e-3)
    return Scaling(temperature=1 / sharpness, bias=np.asarray(weights[1:] / sharpness))


def reliability(
    said: Doubles, classes: NDArray[np.int64], bins: int = 10
) -> tuple[CurvePoint, ...]:
    """The curve of the most likely class: how often it was right by how sure the answer was.

    Args:
        said: float64[n, classes], probabilities.
    """
    confidence, right = said.max(axis=1), said.argmax(axis=1) == classes
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        CurvePoint(
            confidence=float(confidence[here].mean()),
            accuracy=float(right[here].mean()),
            count=int(here.sum()),
        )
        for here in (places == place for place in range(bins))
        if here.any()
    )


def calibration_error(curve: tuple[CurvePoint, ...]) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy, by count."""
    total = sum(point.count for point in curve)
    gaps = (point.count * abs(point.confidence - point.accuracy) for point in curve)
    return sum(gaps) / total if total else 0.0
