"""Where Nautilus' analyser defines a figure as we do, it comes to the same."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nautilus_trader import analysis

from projections.analytics.drawdown import max_drawdown
from projections.analytics.profits import expectancy, win_rate
from projections.analytics.ratios import sharpe_ratio, sortino_ratio, volatility
from projections.analytics.returns import DAY_NS

START_NS = 1_600_000_000_000_000_000
RETURNS = st.lists(st.floats(-0.2, 0.2).map(lambda value: round(value, 4)), min_size=3, max_size=40)


def daily(returns: list[float]) -> dict[int, float]:
    return {START_NS + day * DAY_NS: value for day, value in enumerate(returns)}


@given(RETURNS)
def test_the_ratios_are_those_of_nautilus(returns: list[float]) -> None:
    assume(len(set(returns)) > 1 and min(returns) < 0)
    theirs = daily(returns)
    assert sharpe_ratio(returns, periods_per_year=252) == pytest.approx(
        analysis.SharpeRatio(252).calculate_from_returns(theirs)
    )
    assert sortino_ratio(returns, periods_per_year=252) == pytest.approx(
        analysis.SortinoRatio(252).calculate_from_returns(theirs)
    )
    assert volatility(returns, periods_per_year=252) == pytest.approx(
        analysis.ReturnsVolatility(252).calculate_from_returns(theirs)
    )


@given(RETURNS)
def test_the_maximum_drawdown_is_that_of_nautilus(returns: list[float]) -> None:
    curve = [1.0]
    for each in returns:
        curve.append(curve[-1] * (1 + each))
    deepest = max_drawdown(curve)
    theirs = analysis.MaxDrawdown().calculate_from_returns(daily(returns))
    ours = 0.0 if deepest is None else -deepest.fraction
    assert ours == pytest.approx(theirs, abs=1e-12)


@given(st.lists(st.integers(-1000, 1000).filter(bool).map(float), min_size=2, max_size=40))
def test_win_rate_and_expectancy_are_those_of_nautilus(profits: list[float]) -> None:
    assume(min(profits) < 0 < max(profits))
    assert win_rate(profits) == pytest.approx(
        analysis.WinRate().calculate_from_realized_pnls(profits)
    )
    assert expectancy(profits) == pytest.approx(
        analysis.Expectancy().calculate_from_realized_pnls(profits), abs=1e-9
    )
