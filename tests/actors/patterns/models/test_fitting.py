"""Learning: it learns what there is, nothing where nothing is, and goes on where it was killed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from actors.patterns.models.device import NoDevice, device_of
from actors.patterns.models.examples import Examples, Taught
from actors.patterns.models.export import weights_of
from actors.patterns.models.fitting import fit, predicted
from actors.patterns.models.fitting_config import Epoch, FitConfig
from tests.actors.patterns.models.made import SMALL, examples, halves

SAMPLES = 200
CONFIG = FitConfig(epochs=5, batch=32, learning_rate=5e-3, patience=5, device="cpu", balance=False)

THOROUGH = FitConfig(
    epochs=12, batch=32, learning_rate=1e-2, patience=12, device="cpu", balance=False
)


class Killed(Exception):
    """As kill -9 would: nothing after it is done."""


def accuracy(given: Examples) -> tuple[float, float]:
    """Share of right answers out of sample, and of the most frequent outcome."""
    fold = halves(len(given))
    fitted = fit(SMALL, given, fold, THOROUGH)
    said = predicted(fitted.model, given, fold.test, 64).argmax(axis=2)
    came = given.direction[fold.test]
    return float((said == came).mean()), float(np.bincount(came.ravel()).max() / came.size)


def test_an_outcome_that_a_feature_tells_is_learned() -> None:
    right, most = accuracy(examples(800, told=True))
    assert right > most + 0.2


def test_outcomes_that_nothing_tells_are_not() -> None:
    right, most = accuracy(examples(800, told=False))
    assert right < most + 0.08


def test_a_student_learns_what_its_teacher_knows_and_the_noise_hides() -> None:
    clear = examples(1_200, told=True)
    chance = np.random.default_rng(5)
    noise = chance.random(clear.direction.shape) < 0.4
    guessed = chance.integers(0, 3, clear.direction.shape)
    noisy = replace(clear, direction=np.where(noise, guessed, clear.direction))
    said = np.where(np.arange(3) == clear.direction[..., None], 0.9, 0.05).astype(np.float32)
    silent = chance.random(clear.direction.shape) < 0.2
    said[silent] = np.nan

    def knows(given: Examples) -> float:
        """Share of samples of which it says what the teacher would."""
        fold = halves(len(given))
        fitted = fit(SMALL, given, fold, THOROUGH)
        found = predicted(fitted.model, given, fold.test, 64).argmax(axis=2)
        return float((found == clear.direction[fold.test]).mean())

    taught = replace(noisy, taught=Taught(said=said, weight=0.9))
    assert knows(taught) > knows(noisy) + 0.2
    unheard = replace(noisy, taught=Taught(said=said, weight=0.0))
    assert knows(unheard) == knows(noisy)


@pytest.mark.parametrize("epochs_before", [1, 3])
def test_learning_that_was_killed_goes_on_to_the_same_weights(
    tmp_path: Path, epochs_before: int
) -> None:
    given, fold = examples(SAMPLES, told=True), halves(SAMPLES)

    def kill(epoch: Epoch) -> None:
        if epoch.number == epochs_before:
            raise Killed

    with pytest.raises(Killed):
        fit(SMALL, given, fold, CONFIG, checkpoint=tmp_path / "state", told=kill)
    went_on: list[int] = []
    resumed = fit(
        SMALL,
        given,
        fold,
        CONFIG,
        checkpoint=tmp_path / "state",
        told=lambda epoch: went_on.append(epoch.number),
    )
    whole = fit(SMALL, given, fold, CONFIG)
    assert went_on[0] == epochs_before + 1
    assert weights_of(resumed.model) == weights_of(whole.model)
    assert resumed.history == whole.history


def test_it_stops_once_validation_gets_no_better_and_keeps_the_best() -> None:
    hurried = FitConfig(epochs=40, batch=32, learning_rate=2e-2, patience=2, device="cpu")
    fitted = fit(SMALL, examples(SAMPLES, told=False), halves(SAMPLES), hurried)
    losses = [epoch.validation for epoch in fitted.history]
    assert len(losses) < 40
    assert int(np.argmin(losses)) == len(losses) - 1 - 2


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a GPU to be absent")
def test_a_gpu_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoDevice, match="torch finds no GPU here"):
        device_of("cuda")
    assert device_of("auto").type == "cpu"


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(NoDevice, match="write cpu, cuda or auto"):
        device_of("abacus")
