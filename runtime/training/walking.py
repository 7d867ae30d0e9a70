"""Judging a way of learning by walk-forward folds, beside its baselines and a shuffled control."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.labels.walk_forward import Fold, walk_forward
from actors.patterns.models.calibration import CurvePoint, reliability
from actors.patterns.models.card import JUDGED, Measured
from actors.patterns.models.examples import Examples, Singles
from actors.patterns.models.fitting_config import Epoch
from projections.analytics.series import Doubles
from runtime.training.baselines import BASELINES, baseline
from runtime.training.config import TrainingConfig
from runtime.training.fitting import fit_model
from runtime.training.judging import confusion, figures, measured

SHUFFLED: Final = "shuffled"
"""The network again, after the outcomes it learns from were dealt out at random: it must know
nothing more than how often each occurs."""

type Told = Callable[[str, Epoch], None]
"""Told which part is being fitted, and how far it is."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Walked:
    """What came of it.

    Attributes:
        metrics: by judge and figure; ``gain`` is the majority's log-loss less the judge's, taken
            fold by fold.
        curve, confusion: of the network, over all tests.
        tested: how many samples were judged.
        agreement, accuracy: of a teacher's answers among them, the share that the network gives
            too, and the share that came true.
    """

    metrics: Mapping[str, Mapping[str, Measured]]
    curve: tuple[CurvePoint, ...]
    confusion: tuple[tuple[int, ...], ...]
    tested: int
    agreement: Measured | None = None
    accuracy: Measured | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Tested:
    """One fold: what each judge said about what came, float64[n, 3] beside int64[n].

    Attributes:
        taught: float32[n, 3], what a teacher said; NaN where it did not.
    """

    said: Mapping[str, Doubles]
    classes: NDArray[np.int64]
    taught: Singles | None

    def figures(self) -> dict[str, dict[str, float]]:
        found = {name: figures(each, self.classes) for name, each in self.said.items()}
        least = found["majority"]["log_loss"]
        return {name: {**each, "gain": least - each["log_loss"]} for name, each in found.items()}

    def beside_the_teacher(self) -> dict[str, float] | None:
        """Agreement and accuracy, if there is a teacher who spoke."""
        if self.taught is None:
            return None
        spoke = np.isfinite(self.taught[:, 0])
        if not spoke.any():
            return None
        taught = self.taught[spoke].argmax(axis=1)
        return {
            "agreement": float((self.said[JUDGED][spoke].argmax(axis=1) == taught).mean()),
            "accuracy": float((self.classes[spoke] == taught).mean()),
        }


def walked(examples: Examples, config: TrainingConfig, checkpoints: Path, told: Told) -> Walked:
    """Fit and judge fold by fold; a killed process goes on from ``checkpoints``.

    Raises:
        TooFewSamples: a fold would be empty.
        NoDevice: the device that was asked for is not here.
    """
    folds = list(walk_forward(examples.start, examples.end, config.splits))
    tests = [
        _tested(examples, fold, config, _Part(number, len(folds), checkpoints, told))
        for number, fold in enumerate(folds, 1)
    ]
    by_fold = [test.figures() for test in tests]
    said = np.concatenate([test.said[JUDGED] for test in tests])
    classes = np.concatenate([test.classes for test in tests])
    beside = [found for test in tests if (found := test.beside_the_teacher()) is not None]
    teacher = measured(beside) if beside else {}
    return Walked(
        metrics={name: measured([each[name] for each in by_fold]) for name in by_fold[0]},
        curve=reliability(said, classes),
        confusion=confusion(said, classes),
        tested=len(classes),
        agreement=teacher.get("agreement"),
        accuracy=teacher.get("accuracy"),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One fold's place among all, where its state lies, and who is told."""

    number: int
    of: int
    checkpoints: Path
    told: Told

    def fitted(self, what: str, examples: Examples, fold: Fold, config: TrainingConfig) -> Doubles:
        from actors.patterns.models.fitting import predicted

        checkpoint = self.checkpoints / f"fold-{self.number}-{what}"
        told = partial(self.told, f"fold {self.number} of {self.of}, {what}")
        fitted = fit_model(config, examples, fold, checkpoint, told)
        said = predicted(fitted.model, examples, fold.test, config.fit.batch)
        return np.asarray(said[examples.labelled[fold.test]], dtype=np.float64)


def _tested(examples: Examples, fold: Fold, config: TrainingConfig, part: _Part) -> _Tested:
    learned = np.concatenate((fold.train, fold.validation))
    rows, classes = _newest(examples, learned)
    asked, came = _newest(examples, fold.test)
    said = {name: baseline(name, rows, classes, asked) for name in BASELINES}
    said[JUDGED] = part.fitted(JUDGED, examples, fold, config)
    dealt = _shuffled(examples, learned, config.fit.seed + part.number)
    said[SHUFFLED] = part.fitted(SHUFFLED, dealt, fold, config)
    taught = examples.taught
    heard = taught.said[fold.test][examples.labelled[fold.test]] if taught else None
    return _Tested(said, came, heard)


def _newest(
    examples: Examples, samples: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    known = examples.labelled[samples]
    return examples.rows[examples.moments[samples]][known], examples.direction[samples][known]


def _shuffled(examples: Examples, learned: NDArray[np.intp], seed: int) -> Examples:
    """The same examples, the outcomes of those learned from dealt out at random among them, and
    with each what a teacher said of it.
    """
    direction, reached = examples.direction.copy(), examples.reached.copy()
    known = np.zeros_like(examples.labelled)
    known[learned] = examples.labelled[learned]
    order = np.random.default_rng(seed).permutation(int(known.sum()))
    direction[known], reached[known] = direction[known][order], reached[known][order]
    taught = examples.taught
    if taught is not None:
        said = taught.said.copy()
        said[known] = said[known][order]
        taught = replace(taught, said=said)
    return replace(examples, direction=direction, reached=reached, taught=taught)
