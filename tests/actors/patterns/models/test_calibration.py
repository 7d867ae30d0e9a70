"""Probabilities made honest, and how honest they are."""

import numpy as np
import pytest

from actors.patterns.models.calibration import (
    calibration_error,
    fit_scaling,
    probabilities,
    reliability,
)
from projections.analytics.series import Doubles


def drawn(said: Doubles) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    chance = np.random.default_rng(5)
    return np.array([chance.choice(3, p=row) for row in said], dtype=np.int64)


def softmax(logits: Doubles) -> Doubles:
    risen = np.exp(logits)
    return np.asarray(risen / risen.sum(axis=1, keepdims=True))


def test_a_temperature_and_biases_that_were_hidden_are_found() -> None:
    logits = np.random.default_rng(4).normal(size=(20_000, 3))
    classes = drawn(softmax((logits + np.array([1.0, 0.0, -0.5])) / 2.0))
    scaling = fit_scaling(logits, classes)
    assert scaling.temperature == pytest.approx(2.0, rel=0.1)
    np.testing.assert_allclose(scaling.bias - scaling.bias[1], [1.0, 0.0, -0.5], atol=0.1)


def test_logits_that_know_nothing_come_to_how_often_each_class_occurs() -> None:
    chance = np.random.default_rng(6)
    logits = 5 * chance.normal(size=(5_000, 3))
    classes = chance.choice(3, size=5_000, p=[0.5, 0.2, 0.3])
    said = probabilities(logits, fit_scaling(logits, classes, overlap=10))
    np.testing.assert_allclose(said.mean(axis=0), [0.5, 0.2, 0.3], atol=0.03)
    assert said.std(axis=0).max() < 0.05


def test_few_samples_that_overlap_are_trusted_less() -> None:
    logits = np.random.default_rng(7).normal(size=(60, 3))
    classes = logits.argmax(axis=1)
    alone, together = fit_scaling(logits, classes), fit_scaling(logits, classes, overlap=30)
    assert together.temperature > 2 * alone.temperature


def test_the_error_is_the_gap_between_what_was_said_and_what_came() -> None:
    said = np.tile([0.9, 0.05, 0.05], (100, 1))
    classes = np.array([0] * 60 + [1] * 40)
    curve = reliability(said, classes)
    assert [(round(point.confidence, 3), point.accuracy, point.count) for point in curve] == [
        (0.9, 0.6, 100)
    ]
    assert calibration_error(curve) == pytest.approx(0.3)
