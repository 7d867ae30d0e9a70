"""Colour charts: what must be in them, and that they are the same everywhere."""

import subprocess
import sys

import numpy as np
import pytest

from actors.patterns.candles import UnfitBars
from actors.patterns.charts.colour import SIZE, Part, candle_chart
from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.scale import Scale
from actors.patterns.charts.slower import slower
from tests.actors.patterns.drawn import EURUSD, SPY, candles

GREEN, RED, GREY, VOLUME = (20, 140, 70), (205, 45, 45), (90, 90, 90), (170, 185, 205)
HASH = "30c41e8f521ee16232ae7278e0384c63"


def three() -> list[Part]:
    return [
        Part("1m", SPY[240:300]),
        Part("5m", slower(SPY[:300], 5)[-40:]),
        Part("15m", slower(SPY[:300], 15)),
    ]


def pixels(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: tuple[int, ...]
) -> int:
    return int((picture == colour).all(axis=2).sum())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_shows_one_to_three_intervals_in_448_pixels(count: int) -> None:
    picture = candle_chart(three()[:count])
    assert picture.shape == (SIZE, SIZE, 3)
    assert picture.dtype == np.uint8
    assert pixels(picture, GREEN) > 300
    assert pixels(picture, RED) > 300


def test_a_rise_is_green_a_fall_red_and_neither_grey() -> None:
    for row, colour in (
        ((1.0, 3.0, 0.5, 2.0), GREEN),
        ((2.0, 3.0, 0.5, 1.0), RED),
        ((1.0, 3.0, 0.5, 1.0), GREY),
    ):
        picture = candle_chart([Part("1m", candles([row] * 10))])
        others = {GREEN, RED, GREY} - {colour}
        assert pixels(picture, colour) > 300
        assert [pixels(picture, other) for other in others] == [0, 0]


def test_volume_is_drawn_where_somebody_counts_it() -> None:
    assert pixels(candle_chart([Part("1m", SPY[240:300])]), VOLUME) > 300
    assert pixels(candle_chart([Part("1m", EURUSD[240:300])]), VOLUME) == 0


def test_a_price_that_never_moves_is_a_line_with_its_price_beside_it() -> None:
    picture = candle_chart([Part("1m", candles([(7.0, 7.0, 7.0, 7.0)] * 10))])
    assert len(np.unique(np.nonzero((picture == GREY).all(axis=2))[0])) == 1
    assert pixels(picture[:, -50:], (0, 0, 0)) > 0


def test_the_hash_of_a_real_picture_is_known() -> None:
    assert chart_hash(candle_chart(three())) == HASH


def test_another_process_draws_the_same() -> None:
    program = (
        "from actors.patterns.charts.colour import candle_chart\n"
        "from actors.patterns.charts.digest import chart_hash\n"
        "from tests.actors.patterns.charts.test_colour import three\n"
        "print(chart_hash(candle_chart(three())))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == chart_hash(candle_chart(three()))


def test_refuses_what_cannot_be_shown() -> None:
    with pytest.raises(UnfitBars, match="shows 1 to 3 intervals, not 0"):
        candle_chart([])
    with pytest.raises(UnfitBars, match="1m: 0 bars do not fit"):
        candle_chart([Part("1m", SPY[:0])])
    with pytest.raises(UnfitBars, match="1m: 828 bars do not fit into 392 pixels"):
        candle_chart([Part("1m", SPY)])


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (1.38397, 1.38632, ["1.3840", "1.3845", "1.3850", "1.3855", "1.3860"]),
        (167.2, 168.9, ["167.5", "168.0", "168.5"]),
        (6_641.0, 7_340.0, ["6800", "7000", "7200"]),
        (-37.6, 18.3, ["-20", "0"]),
    ],
)
def test_writes_a_few_round_prices(low: float, high: float, texts: list[str]) -> None:
    labels = Scale(low, high, 0, 101).labels(5)
    assert [text for text, _ in labels] == texts
    for text, row in labels:
        assert row == round((high - float(text)) / (high - low) * 100)


def test_a_slower_candle_holds_what_its_candles_hold() -> None:
    slow = slower(SPY[:23], 5)
    assert len(slow) == 4
    for number in range(4):
        part = SPY[3 + 5 * number : 8 + 5 * number]
        assert slow.open[number] == part.open[0]
        assert slow.high[number] == part.high.max()
        assert slow.low[number] == part.low.min()
        assert slow.close[number] == part.close[-1]
        assert slow.volume[number] == part.volume.sum()
        assert slow.ts_close[number] == part.ts_close[-1]
