"""Nautilus' own indicators, fed from bars.

``FIELDS`` says for each of them what its ``update_raw`` takes, and it is what Nautilus' own
``handle_bar`` would give it. An indicator of the user's own works too, when it has ``update_raw``,
``initialized`` and ``reset``, and the strategy says ``on=``.
"""

from collections.abc import Callable
from typing import Final, Protocol, cast, runtime_checkable

from schemas.market import Bar

PROBE_BARS_MAX: Final = 100_000
"""An indicator that wants more bars than this before its first value is refused."""

_CLOSE: Final = ("close",)
_RANGE: Final = ("high", "low")
_RANGE_CLOSE: Final = ("high", "low", "close")
_RANGE_CLOSE_VOLUME: Final = ("high", "low", "close", "volume")

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "AdaptiveMovingAverage": _CLOSE,
    "ArcherMovingAveragesTrends": _CLOSE,
    "AroonOscillator": _RANGE,
    "AverageTrueRange": _RANGE_CLOSE,
    "Bias": _CLOSE,
    "BollingerBands": _CLOSE,
    "ChandeMomentumOscillator": _CLOSE,
    "CommodityChannelIndex": _RANGE_CLOSE,
    "DirectionalMovement": _RANGE,
    "DonchianChannel": _RANGE,
    "DoubleExponentialMovingAverage": _CLOSE,
    "EfficiencyRatio": _CLOSE,
    "ExponentialMovingAverage": _CLOSE,
    "FuzzyCandlesticks": ("open", *_RANGE_CLOSE),
    "HullMovingAverage": _CLOSE,
    "IchimokuCloud": _RANGE_CLOSE,
    "KeltnerChannel": _RANGE_CLOSE,
    "KeltnerPosition": _RANGE_CLOSE,
    "KlingerVolumeOscillator": _RANGE_CLOSE_VOLUME,
    "LinearRegression": _CLOSE,
    "MovingAverageConvergenceDivergence": _CLOSE,
    "OnBalanceVolume": ("close", "volume"),
    "Pressure": _RANGE_CLOSE_VOLUME,
    "PsychologicalLine": _CLOSE,
    "RateOfChange": _CLOSE,
    "RelativeStrengthIndex": _CLOSE,
    "RelativeVolatilityIndex": _CLOSE,
    "SimpleMovingAverage": _CLOSE,
    "Stochastics": _RANGE_CLOSE,
    "Swings": (*_RANGE, "ts_close"),
    "VariableIndexDynamicAverage": _CLOSE,
    "VerticalHorizontalFilter": _CLOSE,
    "VolatilityRatio": _RANGE_CLOSE,
    "VolumeWeightedAveragePrice": ("typical", "volume"),
    "WeightedMovingAverage": _CLOSE,
    "WilderMovingAverage": _CLOSE,
    "ZScore": _CLOSE,
}
"""What each of Nautilus' indicators is updated with, in the order of its ``update_raw``."""


@runtime_checkable
class Indicator(Protocol):
    """What the template needs of an indicator, besides an ``update_raw`` that takes floats."""

    @property
    def initialized(self) -> bool:
        """Whether it has seen enough to have a value."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...


class IndicatorError(TypeError):
    """An indicator that cannot be fed from bars as it was declared."""


_READERS: Final[dict[str, Callable[[Bar], float]]] = {
    "open": lambda bar: float(bar.open),
    "high": lambda bar: float(bar.high),
    "low": lambda bar: float(bar.low),
    "close": lambda bar: float(bar.close),
    "volume": lambda bar: float(bar.volume),
    "median": lambda bar: (float(bar.high) + float(bar.low)) / 2,
    "typical": lambda bar: (float(bar.high) + float(bar.low) + float(bar.close)) / 3,
    "ts_close": lambda bar: float(bar.ts_close),
}


class Fed[I: Indicator]:
    """An indicator with what it is fed from a bar.

    Attributes:
        bars_needed: bars from the first to the one at which it has a value.
    """

    def __init__(self, indicator: I, on: str | tuple[str, ...] | None) -> None:
        name = type(indicator).__name__
        fields = (on,) if isinstance(on, str) else on or FIELDS.get(name)
        if fields is None or not hasattr(indicator, "update_raw"):
            raise IndicatorError(
                f"{name} has no known bar inputs; say on=, such as ('high', 'low')"
            )
        unknown = [field for field in fields if field not in _READERS]
        if unknown:
            raise IndicatorError(f"{name} on={unknown[0]!r}: a bar has {', '.join(_READERS)}")
        self.indicator: Final = indicator
        self._read: Final = tuple(_READERS[field] for field in fields)
        self._update_raw: Final = cast(Callable[..., None], indicator.update_raw)
        self.bars_needed: Final = self._probe(len(fields))

    def update(self, bar: Bar) -> None:
        """Feed it one closed bar."""
        self._update_raw(*[read(bar) for read in self._read])

    def _probe(self, arguments: int) -> int:
        # Periods do not add up alike everywhere (MACD, Stochastics, Ichimoku), so it is asked.
        for bar in range(1, PROBE_BARS_MAX + 1):
            self._update_raw(*[float(100 + bar * 7 % 13)] * arguments)
            if self.indicator.initialized:
                self.indicator.reset()
                return bar
        name = type(self.indicator).__name__
        raise IndicatorError(f"{name} has no value after {PROBE_BARS_MAX} bars")
