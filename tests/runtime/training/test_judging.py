"""Figures against ones worked out by hand, and examples that know nothing of the future."""

from pathlib import Path

import numpy as np
import pytest

from actors.patterns.labels.outcomes import LabelConfig
from actors.patterns.models.card import Measured
from runtime.ingesting import DataConfig
from runtime.training.baselines import BASELINES, baseline
from runtime.training.config import TrainingConfig
from runtime.training.judging import confusion, figures, measured
from runtime.training.preparing import examples_of
from runtime.training.walking import _shuffled
from tests.support.walks import observed

CONFIG = TrainingConfig(
    name="m",
    interval="1m",
    data=(DataConfig(paths=("x",)),),
    features="quotes",
    labels=LabelConfig(horizon=6),
)
MARKET = {"A.TEST": observed(1, 200), "B.TEST": observed(2, 120, every=2)}


def test_figures_are_those_worked_out_by_hand() -> None:
    said = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    found = figures(said, np.array([0, 1]))
    assert found["accuracy"] == 0.5
    assert found["log_loss"] == pytest.approx(-(np.log(0.5) + np.log(0.1)) / 2)
    assert found["brier"] == pytest.approx((0.375 + 0.01 + 0.81 + 0.64) / 2)
    assert found["calibration_error"] == pytest.approx((0.5 * 1 + 0.8 * 1) / 2)
    assert confusion(said, np.array([0, 1])) == ((1, 0, 0), (0, 0, 1), (0, 0, 0))


def test_an_error_is_that_of_the_mean_over_folds() -> None:
    found = measured([{"gain": 1.0}, {"gain": 3.0}, {"gain": 2.0}])
    assert found["gain"].mean == 2.0
    assert found["gain"].error == pytest.approx(1 / np.sqrt(3))
    assert measured([{"gain": 1.0}]) == {"gain": Measured(mean=1.0, error=0.0)}


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_says_probabilities_and_knows_a_class_that_it_never_saw(name: str) -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(300, 4)).astype(np.float32)
    classes = np.where(rows[:, 0] > 0, 2, 0)
    said = baseline(name, rows, classes, rows[:50])
    np.testing.assert_allclose(said.sum(axis=1), 1.0)
    assert said.shape == (50, 3)
    assert np.all(said[:, 1] == 0)
    if name != "majority":
        assert (said.argmax(axis=1) == classes[:50]).mean() > 0.9


def test_inputs_of_a_sample_rest_on_nothing_behind_it() -> None:
    whole = examples_of(MARKET, CONFIG)
    cut = {
        name: type(each)(
            candles=each.candles[:-40],
            spread=None if each.spread is None else each.spread[:-40],
            flow=None if each.flow is None else each.flow[:-40],
        )
        for name, each in MARKET.items()
    }
    early = examples_of(cut, CONFIG)
    shared = np.isin(whole.start, early.start)
    known = early.usable & whole.usable[shared]
    np.testing.assert_array_equal(whole.charts[shared][known], early.charts[known])
    np.testing.assert_array_equal(whole.rows[: len(early.rows)][64:150], early.rows[64:150])
    settled = known & early.labelled
    np.testing.assert_array_equal(whole.direction[shared][settled], early.direction[settled])


def test_a_sample_ends_with_the_last_bar_that_one_of_its_labels_looked_at() -> None:
    found = examples_of(MARKET, CONFIG)
    both = found.labelled.all(axis=1)
    minute = 60_000_000_000
    # Six bars of the one are six minutes, of the other twelve.
    np.testing.assert_array_equal((found.end - found.start)[both], 12 * minute)
    np.testing.assert_array_equal(
        (found.end - found.start)[found.labelled[:, 0] & ~both], 6 * minute
    )


def test_an_instrument_without_a_bar_at_a_moment_is_not_learned_from() -> None:
    found = examples_of(MARKET, CONFIG)
    odd = (found.start // 60_000_000_000) % 2 == (found.start[0] // 60_000_000_000) % 2
    assert not (found.usable[odd, 1].any() and found.usable[~odd, 1].any())
    assert not found.charts[~found.usable].any()


def test_shuffled_outcomes_are_the_same_ones_elsewhere_and_tests_stay_as_they_are() -> None:
    found = examples_of(MARKET, CONFIG)
    learned = np.arange(len(found) // 2)
    dealt = _shuffled(found, learned, seed=1)
    known = found.labelled[learned]
    before, after = found.direction[learned][known], dealt.direction[learned][known]
    np.testing.assert_array_equal(np.bincount(before), np.bincount(after))
    assert (before != after).any()
    np.testing.assert_array_equal(dealt.direction[len(learned) :], found.direction[len(learned) :])


def test_the_configurations_that_are_shipped_can_be_read() -> None:
    from runtime.training.config import load_training

    root = Path(__file__).parents[3]
    shipped = [root / "runtime/samples/train.toml", *(root / "benchmarks/quality").glob("*.toml")]
    assert {load_training(path).name for path in shipped} == {
        "fast-eurusd",
        "quality-equities",
        "quality-fx",
    }
