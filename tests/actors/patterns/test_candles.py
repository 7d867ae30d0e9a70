"""What candles refuse, and that their digest names them."""

from collections.abc import Sequence

import numpy as np
import pytest

from actors.patterns.candles import Candles, UnfitBars, candles_of
from tests.actors.patterns.drawn import EURUSD, candles
from tests.actors.strategies import real_bars

GOOD = (1.0, 2.0, 0.5, 1.5)


def test_columns_hold_what_the_bars_say() -> None:
    bars = real_bars.spy()[:50]
    made = candles_of(bars)
    assert len(made) == 50
    for row, bar in enumerate(bars):
        assert made.open[row] == float(bar.open)
        assert made.high[row] == float(bar.high)
        assert made.low[row] == float(bar.low)
        assert made.close[row] == float(bar.close)
        assert made.volume[row] == float(bar.volume)
        assert made.ts_close[row] == bar.ts_close


def test_no_bars_are_no_candles() -> None:
    assert len(candles_of([])) == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((float("nan"), 2.0, 0.5, 1.5), "bar 1: open is not a finite number"),
        ((1.0, float("inf"), 0.5, 1.5), "bar 1: high is not a finite number"),
        ((1.0, 1.4, 0.5, 1.5), "bar 1: high is below open, close or low"),
        ((1.0, 2.0, 1.2, 1.5), "bar 1: low is above open or close"),
    ],
)
def test_refuses_a_bar_that_cannot_be(row: tuple[float, ...], reason: str) -> None:
    with pytest.raises(UnfitBars, match=reason):
        candles([GOOD, row])  # type: ignore[list-item]  # the row comes from a table


@pytest.mark.parametrize(
    ("volume", "reason"),
    [
        ([1.0, -1.0], "bar 1: volume is negative"),
        ([float("nan"), 1.0], "bar 0: volume is not a finite number"),
        ([1.0], "volume: shape"),
    ],
)
def test_refuses_a_volume_that_cannot_be(volume: Sequence[float], reason: str) -> None:
    with pytest.raises(UnfitBars, match=reason):
        candles([GOOD, GOOD], volume)


def test_refuses_times_that_stand_still() -> None:
    ones = np.ones(3)
    with pytest.raises(UnfitBars, match="bar 1: the bar after it closed no later"):
        Candles(
            open=ones,
            high=ones,
            low=ones,
            close=ones,
            volume=ones,
            ts_close=np.array([1, 2, 2], dtype=np.int64),
        )


def test_the_digest_names_every_number() -> None:
    assert EURUSD[:100].digest() == EURUSD[:100].digest()
    others = {EURUSD[:100].digest(), EURUSD[1:101].digest(), EURUSD[:99].digest()}
    assert len(others) == 3
