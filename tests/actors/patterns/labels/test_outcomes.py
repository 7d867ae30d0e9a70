"""Outcomes by hand, and what must hold of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.patterns.labels.outcomes import UNKNOWN, LabelConfig, Outcome, outcomes
from projections.analytics.series import Doubles
from tests.support.walks import walked

BARRIERS = LabelConfig(horizon=4, width=1.0, volatility_bars=8)
HORIZON = LabelConfig(method="fixed_horizon", horizon=4, width=1.0, volatility_bars=8)


def closes(*after: float) -> Doubles:
    """Nine closes whose returns deviate by one per cent, then the given per cents from the last."""
    before = [0.0, 1.0] * 4 + [0.0]
    return np.asarray(100 * np.exp(np.array([*before, *after]) / 100))


@pytest.mark.parametrize(
    ("after", "outcome", "bars"),
    [
        ((1.0, 2.1, 0.0, 0.0), Outcome.UP, 2),
        ((-2.1, 3.0, 3.0, 3.0), Outcome.DOWN, 1),
        ((1.0, -1.0, 1.9, -1.9), Outcome.FLAT, 4),
        ((0.0, 0.0, 0.0, 2.1), Outcome.UP, 4),
    ],
)
def test_the_first_barrier_that_a_close_reaches_decides(
    after: tuple[float, ...], outcome: Outcome, bars: int
) -> None:
    found = outcomes(closes(*after), BARRIERS)
    assert found.outcome[8] == outcome
    assert found.reached[8] == bars / 4


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ((2.5, 3.0, 3.0, 1.0), Outcome.FLAT),
        ((0.0, 0.0, 0.0, 2.1), Outcome.UP),
        ((0.0, 0.0, 0.0, -2.1), Outcome.DOWN),
    ],
)
def test_a_fixed_horizon_asks_where_the_price_ends(
    after: tuple[float, ...], outcome: Outcome
) -> None:
    assert outcomes(closes(*after), HORIZON).outcome[8] == outcome


def test_the_volatility_to_come_is_that_of_the_returns_to_the_horizon() -> None:
    found = outcomes(closes(1.0, 0.0, 1.0, 0.0), BARRIERS)
    assert found.volatility[8] == pytest.approx(np.log(0.01))


def test_a_bar_whose_outcome_lies_behind_the_end_is_unknown() -> None:
    found = outcomes(walked(1, 50).close, BARRIERS)
    assert (found.outcome[8:46] != UNKNOWN).all()
    assert (found.outcome[46:] == UNKNOWN).all()
    assert np.isnan(found.volatility[46:]).all()


def test_a_price_that_never_moved_has_no_barrier_to_reach() -> None:
    assert (outcomes(np.full(30, 5.0), BARRIERS).outcome == UNKNOWN).all()


@given(st.integers(0, 1_000), st.sampled_from([BARRIERS, HORIZON]))
def test_an_outcome_rests_on_no_bar_behind_its_end(seed: int, config: LabelConfig) -> None:
    close = walked(seed, 60).close
    place = 8 + seed % 40
    whole, end = outcomes(close, config), outcomes(close, config).end[place]
    cut = outcomes(close[: end + 1], config)
    assert cut.outcome[place] == whole.outcome[place]
    assert cut.volatility[place] == whole.volatility[place]
