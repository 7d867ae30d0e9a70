"""Indicators are Nautilus' own, and fed as Nautilus itself would feed them."""

import math
from types import GetSetDescriptorType
from typing import Protocol, runtime_checkable

import nautilus_trader.indicators as nautilus
import pytest
from nautilus_trader.model import Bar as NautilusBar
from nautilus_trader.model import BarType, Price, Quantity

from actors.strategies.indicators import FIELDS, Fed, Indicator, IndicatorError
from schemas.market import Bar
from tests.actors.strategies.real_bars import spy

ARGUMENTS: dict[str, tuple[object, ...]] = {
    "AdaptiveMovingAverage": (10, 2, 30),
    "ArcherMovingAveragesTrends": (5, 10, 3),
    "BollingerBands": (20, 2.0),
    "CommodityChannelIndex": (10, 0.015),
    "FuzzyCandlesticks": (10, 0.5, 1.0, 2.0, 3.0),
    "IchimokuCloud": (),
    "KeltnerChannel": (10, 2.0),
    "KeltnerPosition": (10, 2.0),
    "KlingerVolumeOscillator": (5, 10),
    "MovingAverageConvergenceDivergence": (12, 26, 9),
    "OnBalanceVolume": (),
    "Stochastics": (14, 3),
    "VolumeWeightedAveragePrice": (),
    "WeightedMovingAverage": (10, [float(weight) for weight in range(1, 11)]),
}
TYPE = BarType.from_str("SPY.ARCA-1-MINUTE-LAST-EXTERNAL")


@runtime_checkable
class TakesBars(Indicator, Protocol):
    def handle_bar(self, bar: NautilusBar) -> None: ...


def make(name: str) -> TakesBars:
    made = getattr(nautilus, name)(*ARGUMENTS.get(name, (10,)))
    assert isinstance(made, TakesBars)
    return made


def nautilus_bar(bar: Bar) -> NautilusBar:
    return NautilusBar(
        TYPE,
        Price.from_str(f"{bar.open:.4f}"),
        Price.from_str(f"{bar.high:.4f}"),
        Price.from_str(f"{bar.low:.4f}"),
        Price.from_str(f"{bar.close:.4f}"),
        Quantity.from_str(str(bar.volume)),
        bar.ts_close,
        bar.ts_close,
    )


def outputs(indicator: Indicator) -> dict[str, object]:
    names = [n for n, m in vars(type(indicator)).items() if isinstance(m, GetSetDescriptorType)]
    return {name: getattr(indicator, name) for name in sorted(names)}


def assert_same(ours: Indicator, theirs: Indicator) -> None:
    for name, value in outputs(ours).items():
        expected = outputs(theirs)[name]
        if isinstance(value, float) and isinstance(expected, float):
            # Nautilus adds the parts of a pressure up in another order when it is given a bar.
            assert value == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), name
        elif type(value).__module__ == "builtins":
            assert value == expected, name


@pytest.mark.parametrize("name", FIELDS)
def test_agrees_with_nautilus_own_use_of_bars_at_every_bar(name: str) -> None:
    fed, theirs = Fed(make(name), None), make(name)
    for bar in spy():
        fed.update(bar)
        theirs.handle_bar(nautilus_bar(bar))
        assert_same(fed.indicator, theirs)
    assert fed.indicator.initialized


@pytest.mark.parametrize("name", FIELDS)
def test_knows_how_many_bars_it_takes_to_a_value(name: str) -> None:
    fed = Fed(make(name), None)
    for bar in spy()[: fed.bars_needed - 1]:
        fed.update(bar)
        assert not fed.indicator.initialized
    fed.update(spy()[fed.bars_needed - 1])
    assert fed.indicator.initialized


def test_finds_out_warm_ups_that_are_no_single_period() -> None:
    needed = {name: Fed(make(name), None).bars_needed for name in FIELDS}
    assert needed["ExponentialMovingAverage"] == 10
    assert needed["MovingAverageConvergenceDivergence"] == 34
    assert needed["Stochastics"] == 16
    assert needed["IchimokuCloud"] == 77


def test_covers_every_indicator_of_nautilus_that_takes_numbers() -> None:
    taking_numbers = {n for n, made in vars(nautilus).items() if hasattr(made, "update_raw")}
    assert taking_numbers == set(FIELDS)


def test_relative_strength_reads_from_0_to_100_as_nautilus_has_it() -> None:
    fed = Fed(nautilus.RelativeStrengthIndex(14), None)
    values = []
    for bar in spy():
        fed.update(bar)
        values.append(fed.indicator.value)
    assert 0 <= min(values) < 30
    assert 70 < max(values) <= 100


def test_takes_another_field_when_told() -> None:
    average = nautilus.SimpleMovingAverage(1)
    fed = Fed(average, "median")
    fed.update(spy()[0])
    assert average.value == pytest.approx(float(spy()[0].high + spy()[0].low) / 2)


class Spread:
    """An indicator of the user's own: the largest range seen."""

    def __init__(self) -> None:
        self.value = math.nan

    @property
    def initialized(self) -> bool:
        return not math.isnan(self.value)

    def update_raw(self, high: float, low: float) -> None:
        self.value = max(high - low, self.value) if self.initialized else high - low

    def reset(self) -> None:
        self.value = math.nan


def test_takes_an_indicator_of_the_users_own_when_told_what_to_feed_it() -> None:
    fed = Fed(Spread(), ("high", "low"))
    for bar in spy():
        fed.update(bar)
    assert fed.bars_needed == 1
    assert fed.indicator.value == pytest.approx(
        max(float(bar.high) - float(bar.low) for bar in spy())
    )


def test_refuses_an_indicator_that_it_cannot_feed() -> None:
    with pytest.raises(IndicatorError, match="Spread has no known bar inputs; say on="):
        Fed(Spread(), None)
    with pytest.raises(IndicatorError, match="BookImbalanceRatio has no known bar inputs"):
        Fed(nautilus.BookImbalanceRatio(), None)


def test_refuses_a_field_that_no_bar_has() -> None:
    with pytest.raises(IndicatorError, match="on='vwap': a bar has open, high"):
        Fed(nautilus.SimpleMovingAverage(5), "vwap")


class Never(Spread):
    @property
    def initialized(self) -> bool:
        return False


def test_refuses_an_indicator_that_never_has_a_value() -> None:
    with pytest.raises(IndicatorError, match="no value after 100000 bars"):
        Fed(Never(), ("high", "low"))
