"""The deflated Sharpe ratio: against the paper's own example, by hand, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.analytics.deflated import (
    Track,
    deflated_sharpe,
    expected_maximum,
    probabilistic_sharpe,
    track_of,
)

DAILY = 1 / math.sqrt(250)


def test_the_example_of_bailey_and_lopez_de_prado() -> None:
    # "The Deflated Sharpe Ratio" (2014), section "A numerical example": an annual ratio of 2.5 over
    # five years of daily returns with skewness -3 and kurtosis 10, found in 100 trials whose ratios
    # have an annual variance of 1/2.
    track = Track(sharpe=2.5 * DAILY, periods=1_250, skewness=-3.0, kurtosis=10.0)
    variance = 0.5 * DAILY**2
    assert expected_maximum(variance, 100) == pytest.approx(0.1132, abs=5e-5)
    assert deflated_sharpe(track, variance=variance, trials=100) == pytest.approx(0.9004, abs=5e-5)
    # Its trader would have been believed had there been 46 trials; 0.95 is not reached with 47.
    assert (deflated_sharpe(track, variance=variance, trials=45) or 0) > 0.9505
    assert (deflated_sharpe(track, variance=variance, trials=47) or 1) < 0.9505


def test_moments_are_those_of_the_returns() -> None:
    # Mean 0.25, deviations -0.25 thrice and 0.75: sample deviation 0.5, of the population √0.1875.
    track = track_of([0.0, 0.0, 0.0, 1.0])
    assert track is not None
    assert track.sharpe == pytest.approx(0.5)
    assert track.periods == 4
    assert track.skewness == pytest.approx(0.09375 / 0.1875**1.5)
    assert track.kurtosis == pytest.approx(0.08203125 / 0.1875**2)
    assert track_of([0.1, 0.1, 0.1]) is None
    assert track_of([0.1]) is None


def test_the_best_of_many_without_skill_is_as_good_as_expected() -> None:
    chance = np.random.default_rng(7)
    for trials in (10, 100):
        best = chance.standard_normal((4_000, trials)).max(axis=1).mean()
        assert expected_maximum(1.0, trials) == pytest.approx(best, rel=0.04)


def test_one_trial_is_held_against_nothing_and_none_has_no_best() -> None:
    assert expected_maximum(1.0, 1) == 0.0
    with pytest.raises(ValueError, match="0 trials"):
        expected_maximum(1.0, 0)


def test_moments_that_contradict_each_other_say_nothing() -> None:
    track = Track(sharpe=1.0, periods=3, skewness=2.0, kurtosis=1.0)
    assert probabilistic_sharpe(track, 0.0) is None


@given(
    sharpe=st.floats(-1, 1),
    periods=st.integers(2, 10_000),
    variance=st.floats(1e-6, 1),
    trials=st.integers(1, 1_000),
)
def test_more_trials_never_make_the_best_more_believable(
    sharpe: float, periods: int, variance: float, trials: int
) -> None:
    track = Track(sharpe=sharpe, periods=periods)
    few = deflated_sharpe(track, variance=variance, trials=trials)
    many = deflated_sharpe(track, variance=variance, trials=trials + 1)
    assert few is not None
    assert many is not None
    assert 0 <= many <= few <= 1
