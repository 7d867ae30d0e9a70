"""Bins for a picture: they hold every value, and zero is an edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.report.bars import HEIGHT, WIDTH, by_day, distribution
from runtime.report.bins import bins_of
from runtime.report.data import DayReturn

VALUES = st.lists(st.floats(-0.5, 0.5, allow_nan=False), min_size=1, max_size=100)


@given(values=VALUES)
def test_every_value_is_in_one_bin_and_gains_are_apart_from_losses(values: list[float]) -> None:
    bins = bins_of(values)
    assert sum(found.count for found in bins) == len(values)
    assert len(bins) <= 27
    losses = sum(found.count for found in bins if found.low < 0)
    assert losses == sum(value < 0 for value in values)


def test_edges_are_round() -> None:
    bins = bins_of([-0.013, 0.024], count=10)
    assert [round(found.low, 6) for found in bins] == [
        -0.015,
        -0.01,
        -0.005,
        0.0,
        0.005,
        0.01,
        0.015,
        0.02,
    ]


@given(values=VALUES)
def test_every_bar_of_a_distribution_is_inside_the_picture(values: list[float]) -> None:
    picture = distribution(bins_of(values))
    assert picture is not None
    assert picture.bars
    for bar in picture.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 1e-6
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT


def test_gains_of_days_stand_above_the_line_and_losses_hang_below() -> None:
    picture = by_day([DayReturn(day=16_200, value=0.02), DayReturn(day=16_201, value=-0.01)])
    assert picture is not None
    gain, loss = picture.bars
    assert gain.y + gain.height == pytest.approx(picture.base)
    assert loss.y == pytest.approx(picture.base)
    assert gain.height == pytest.approx(2 * loss.height)
    assert (gain.tone, loss.tone) == ("gain", "loss")
    assert gain.title == "2014-05-10: +2.000%"


@pytest.mark.parametrize("days", [0, 1, 401])
def test_too_few_or_too_many_days_are_not_drawn(days: int) -> None:
    assert by_day([DayReturn(day=day, value=0.0) for day in range(days)]) is None


def test_nothing_is_drawn_of_nothing() -> None:
    assert distribution(bins_of([])) is None


def test_labels_have_as_many_decimals_as_their_bins_need() -> None:
    fine = distribution(bins_of([-0.0002, 0.0003]))
    coarse = distribution(bins_of([-0.5, 0.9]))
    assert fine is not None
    assert coarse is not None
    assert len({label.text for label in fine.labels}) == len(fine.labels)
    assert [label.text for label in coarse.labels if "." in label.text] == []
