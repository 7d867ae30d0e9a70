"""Analytics against numbers worked out by hand, and the edges where there is no answer."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.analytics.distribution import histogram
from projections.analytics.drawdown import drawdown_curve, max_drawdown
from projections.analytics.monthly import monthly_returns
from projections.analytics.profits import expectancy, payoff_ratio, profit_factor, win_rate
from projections.analytics.ratios import sharpe_ratio, sortino_ratio, volatility
from projections.analytics.returns import DAY_NS, periods_per_year, sampled, simple_returns
from projections.analytics.turnover import turnover

EQUITIES = st.lists(st.floats(1.0, 1e6), min_size=1, max_size=50)


def days(*numbers: float) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([round(number * DAY_NS) for number in numbers], dtype=np.int64)


def test_a_return_is_a_value_over_the_one_before() -> None:
    assert simple_returns([100, 110, 99]) == pytest.approx([0.10, -0.10])
    assert len(simple_returns([100])) == 0


def test_there_is_no_return_on_nothing() -> None:
    with pytest.raises(ValueError, match="zero or less"):
        simple_returns([100, 0, 50])


def test_a_curve_is_sampled_by_the_last_value_of_each_day_that_has_one() -> None:
    ts, values = sampled(days(0.1, 0.9, 1.0, 4.2, 4.3), [1, 2, 3, 4, 5])
    assert ts.tolist() == days(0.9, 1.0, 4.3).tolist()
    assert values.tolist() == [2, 3, 5]


def test_a_curve_that_goes_back_in_time_is_refused() -> None:
    with pytest.raises(ValueError, match="descend"):
        sampled(days(2, 1), [1, 2])


def test_a_year_has_as_many_periods_as_the_samples_say() -> None:
    assert periods_per_year(days(*range(10))) == pytest.approx(365.25)
    weekdays = [day for day in range(365) if day % 7 < 5]
    assert periods_per_year(days(*weekdays)) == pytest.approx(261, abs=1)
    assert periods_per_year(days(3)) is None


def test_sharpe_is_mean_over_deviation_times_the_root_of_the_periods() -> None:
    # Mean 0.01, sample variance ((0.02)^2 + 0 + (0.02)^2) / 2 = 0.0004, deviation 0.02.
    assert sharpe_ratio([0.03, 0.01, -0.01], periods_per_year=256) == pytest.approx(0.5 * 16)
    assert sharpe_ratio([0.03, 0.01, -0.01], periods_per_year=1, risk_free=0.01) == pytest.approx(0)


def test_sortino_counts_every_return_but_squares_shortfalls_only() -> None:
    # Mean 0.01; shortfalls 0, 0, 0.03: mean square 0.0003.
    expected = 0.01 / math.sqrt(0.0003) * 2
    assert sortino_ratio([0.03, 0.03, -0.03], periods_per_year=4) == pytest.approx(expected)


@pytest.mark.parametrize("returns", [[], [0.01], [0.01, 0.01, 0.01], [0.0, 0.0]])
def test_without_risk_there_is_no_ratio(returns: list[float]) -> None:
    assert sharpe_ratio(returns, periods_per_year=252) is None
    assert sortino_ratio(returns, periods_per_year=252) is None


def test_volatility_is_the_deviation_of_a_sample_annualised() -> None:
    assert volatility([0.03, 0.01, -0.01], periods_per_year=4) == pytest.approx(0.04)
    assert volatility([0.03], periods_per_year=4) is None


def test_the_deepest_drawdown_is_found_with_its_peak_trough_and_recovery() -> None:
    curve = [100, 120, 110, 130, 91, 104, 130, 125]
    deepest = max_drawdown(curve)
    assert deepest is not None
    assert [deepest.value, deepest.fraction] == pytest.approx([39, 0.30])
    assert (deepest.peak, deepest.trough, deepest.recovery) == (3, 4, 6)
    assert deepest.duration(end=len(curve) - 1) == 3


def test_a_drawdown_may_not_have_recovered_yet() -> None:
    deepest = max_drawdown([100, 50, 60])
    assert deepest is not None
    assert deepest.recovery is None
    assert deepest.duration(end=2) == 2


def test_depth_counts_as_a_fraction_and_not_in_money() -> None:
    deepest = max_drawdown([10, 5, 1000, 900])
    assert deepest is not None
    assert (deepest.peak, deepest.fraction) == (0, 0.5)


@pytest.mark.parametrize("curve", [[], [100], [100, 100, 101]])
def test_a_curve_that_never_falls_has_no_drawdown(curve: list[float]) -> None:
    assert max_drawdown(curve) is None


@given(EQUITIES)
def test_no_drawdown_is_deeper_than_the_maximum(curve: list[float]) -> None:
    deepest = max_drawdown(curve)
    falls = [1 - low / high for i, high in enumerate(curve) for low in curve[i:] if low < high]
    assert (0 if deepest is None else deepest.fraction) == pytest.approx(max(falls, default=0))
    assert drawdown_curve(curve).max() == pytest.approx(max(falls, default=0))


def test_a_curve_below_zero_is_refused_where_a_fraction_means_nothing() -> None:
    with pytest.raises(ValueError, match="zero or less"):
        max_drawdown([-1, -2])
    with pytest.raises(ValueError, match="value 1 is not a finite number"):
        max_drawdown([1, math.nan])


def test_profits_are_counted_by_gain_and_loss() -> None:
    profits = [30.0, -10.0, 0.0, 20.0, -15.0]
    assert profit_factor(profits) == 2.0
    assert win_rate(profits) == 0.4
    assert expectancy(profits) == 5.0
    assert payoff_ratio(profits) == 2.0


def test_without_losses_there_is_no_profit_factor() -> None:
    assert profit_factor([1.0, 2.0]) is None
    assert payoff_ratio([1.0, 2.0]) is None
    assert win_rate([]) is expectancy([]) is profit_factor([]) is None


def test_months_chain_to_the_whole_and_empty_ones_are_zero() -> None:
    january, february, april = 1_388_534_400, 1_391_212_800, 1_396_310_400  # 2014, UTC
    ts = np.array([january, january + 86_400, february, april], dtype=np.int64) * 10**9
    months = monthly_returns(ts, [100, 110, 121, 60.5])
    assert list(months) == [(2014, 1), (2014, 2), (2014, 3), (2014, 4)]
    assert list(months.values()) == pytest.approx([0.10, 0.10, 0.0, -0.50])
    assert monthly_returns(ts[:0], []) == {}


@given(EQUITIES, st.lists(st.integers(0, 5 * 366), min_size=50, max_size=50))
def test_months_multiply_to_the_return_of_the_whole_curve(
    curve: list[float], when: list[int]
) -> None:
    ts = days(*sorted(when)[: len(curve)])
    grown = math.prod(1 + each for each in monthly_returns(ts, curve).values())
    assert grown == pytest.approx(curve[-1] / curve[0])


def test_a_histogram_counts_every_value_once() -> None:
    counted = histogram([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    # The quartiles are 0.175 and 0.525: width 2 * 0.35 / 2 = 0.35, two bins over 0.7.
    assert counted is not None
    assert counted.counts == (4, 4)
    assert counted.edges == pytest.approx([0.0, 0.35, 0.7])


def test_a_histogram_of_one_value_has_one_bin() -> None:
    counted = histogram([0.5, 0.5])
    assert counted is not None
    assert counted.counts == (2,)
    assert histogram([]) is None


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=200))
def test_a_histogram_keeps_to_its_number_of_bins(values: list[float]) -> None:
    counted = histogram(values, bins_max=7)
    assert counted is not None
    assert sum(counted.counts) == len(values)
    assert len(counted.counts) <= 7


def test_turnover_is_what_was_traded_for_the_capital_in_a_year() -> None:
    half_a_year = round(365.25 / 2 * DAY_NS)
    assert turnover([100, -300], [1000, 3000], span_ns=half_a_year) == pytest.approx(0.4)
    assert turnover([100], [1000], span_ns=0) is None
    assert turnover([100], [], span_ns=1) is None
