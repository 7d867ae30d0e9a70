"""Small grey charts: pixel by pixel where a person can count, by property and hash elsewhere."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.patterns.candles import UnfitBars
from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.grey import LAYOUTS, Pictures, grey_chart, grey_charts
from tests.actors.patterns.drawn import EURUSD, SPY, candles, scaled

WARM_UP = [(4.0, 4.0, 4.0, 4.0)] * 4
FIVE = [
    (4.0, 6.0, 2.0, 5.0),
    (5.0, 8.0, 4.0, 4.0),
    (4.0, 4.0, 0.0, 1.0),
    (1.0, 3.0, 1.0, 3.0),
    (3.0, 5.0, 3.0, 4.0),
]


def as_text(picture: Pictures) -> list[str]:
    return ["".join("#" if pixel else "." for pixel in row) for row in picture]


def test_draws_the_picture_that_a_person_would_draw() -> None:
    picture = grey_chart(candles(WARM_UP + FIVE, [0.0] * 4 + [6.0, 3.0, 0.0, 1.0, 2.0]), 5)
    assert as_text(picture) == [
        "....#..........",
        "....#..........",
        "....#..........",
        "....#..........",
        "....#..........",
        "....#..........",
        ".#..#..........",
        ".#..#..........",
        ".#..#..........",
        ".####........#.",
        ".#..#........#.",
        ".####........#.",
        "##..####.....##",
        ".#....###....#.",
        ".#.....#.#####.",
        ".#.....#..####.",
        ".#.....#..#....",
        ".#.....#..#....",
        ".#.....#..#....",
        ".......#..#....",
        ".......#..#....",
        ".......####....",
        ".......#.......",
        ".......#.......",
        ".......#.......",
        "...............",
        ".#.............",
        ".#.............",
        ".#.............",
        ".#..#..........",
        ".#..#........#.",
        ".#..#.....#..#.",
    ]


@pytest.mark.parametrize(("bars", "shape"), [(5, (32, 15)), (20, (64, 60)), (60, (96, 180))])
def test_has_the_sizes_of_the_paper_in_black_and_white(bars: int, shape: tuple[int, int]) -> None:
    pictures = grey_charts(SPY, bars)
    assert pictures.shape == (len(SPY) - LAYOUTS[bars].history + 1, *shape)
    assert pictures.dtype == np.uint8
    assert set(np.unique(pictures)) == {0, 255}


@pytest.mark.parametrize("bars", LAYOUTS)
def test_prices_touch_the_edges_of_their_part_and_the_greatest_volume_fills_its_own(
    bars: int,
) -> None:
    layout = LAYOUTS[bars]
    pictures = grey_charts(SPY, bars)
    assert pictures[:, 0].any(axis=1).all()
    assert pictures[:, layout.price_rows - 1].any(axis=1).all()
    assert not pictures[:, layout.price_rows].any()
    assert pictures[:, layout.price_rows + 1 :].all(axis=1).any(axis=1).all()


@pytest.mark.parametrize("bars", LAYOUTS)
def test_a_picture_is_the_same_drawn_alone_and_among_many(bars: int) -> None:
    together = grey_charts(SPY, bars)
    history = LAYOUTS[bars].history
    for number in (0, 63, 64, len(together) - 1):
        assert np.array_equal(grey_chart(SPY[number : number + history], bars), together[number])


@given(end=st.integers(40, 800), power=st.integers(-20, 20))
def test_a_unit_of_price_or_volume_changes_no_pixel(end: int, power: int) -> None:
    part = SPY[end - 39 : end]
    other = scaled(part, 2.0**power, 2.0**-power)
    assert np.array_equal(grey_chart(part, 20), grey_chart(other, 20))


@given(end=st.integers(39, 800))
def test_knows_nothing_of_the_bars_that_follow(end: int) -> None:
    ends = np.array([end], dtype=np.intp)
    assert np.array_equal(grey_charts(SPY, 20, ends)[0], grey_chart(SPY[: end + 1], 20))


def test_a_price_that_never_moves_is_a_line_across_the_middle() -> None:
    picture = grey_chart(candles([(7.0, 7.0, 7.0, 7.0)] * 9), 5)
    assert [row for row, line in enumerate(as_text(picture)) if "#" in line] == [12]
    assert as_text(picture)[12] == "#" * 15


def test_without_volume_the_bottom_stays_black() -> None:
    picture = grey_chart(EURUSD, 20)
    assert not picture[LAYOUTS[20].price_rows :].any()


def test_a_bar_after_a_gap_stands_beside_the_one_before() -> None:
    part = EURUSD[:39]
    weekend = np.where(np.arange(39) < 20, 0, 3 * 86_400 * 10**9)
    late = replace(part, ts_close=part.ts_close + weekend)
    assert np.array_equal(grey_chart(late, 20), grey_chart(part, 20))


def test_refuses_too_few_bars_and_kinds_that_there_are_not() -> None:
    with pytest.raises(UnfitBars, match="a picture of 20 bars ends at one of 38 to 37, not at 37"):
        grey_chart(SPY[:38], 20)
    with pytest.raises(UnfitBars, match="there are pictures of 5, 20, 60 bars, not of 21"):
        grey_chart(SPY, 21)
    with pytest.raises(UnfitBars, match="not at 828"):
        grey_charts(SPY, 5, np.array([20, 828], dtype=np.intp))


KNOWN = {
    5: "645a1c7fcf276bb709da012154553ca1",
    20: "1f6ba40bfeeebe059eb9a3e283b0bd00",
    60: "5204995c01770dcc989000931a98dc0d",
}


@pytest.mark.parametrize("bars", LAYOUTS)
def test_the_hash_of_a_real_picture_is_known(bars: int) -> None:
    assert chart_hash(grey_chart(SPY[:400], bars)) == KNOWN[bars]


def test_another_process_draws_the_same() -> None:
    program = (
        "from actors.patterns.charts.digest import chart_hash\n"
        "from actors.patterns.charts.grey import grey_charts\n"
        "from tests.actors.patterns.drawn import SPY\n"
        "print(chart_hash(grey_charts(SPY, 20)))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == chart_hash(grey_charts(SPY, 20))
