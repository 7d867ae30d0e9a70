"""What a strategy wants to be told, and how far each of its streams of bars has warmed up."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from actors.strategies.indicators import Fed, Indicator
from actors.strategies.parameters import ParameterError
from schemas.market import AssetClass, Bar, Instrument, PriceType

_INTERVAL: Final = re.compile(r"[1-9][0-9]*[smhd]")
_QUOTED: Final = (AssetClass.FX, AssetClass.CFD)


class Bars(msgspec.Struct, frozen=True, order=True):
    """A stream of bars: ``interval`` is ``1s``, ``5m``, ``4h``, ``1d``, over one price type."""

    instrument: str
    interval: str
    price_type: PriceType


class WantedPatterns(msgspec.Struct, frozen=True, order=True):
    """A recogniser, and the bars that it is to look at; ``price_type`` may be ``auto``."""

    recogniser: str
    instrument: str
    interval: str
    price_type: str


class Wants(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy wants to be called for; quotes and trades are by instrument.

    Attributes:
        patterns: recognisers that must be there; what others see it hears as well.
    """

    bars: tuple[Bars, ...] = ()
    quotes: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    patterns: tuple[WantedPatterns, ...] = ()


class Streams:
    """The bar streams of one strategy, the indicators on them, and how far they have warmed up."""

    def __init__(self) -> None:
        self._fed: Final[dict[Bars, list[Fed[Indicator]]]] = {}
        self._needed: Final[dict[Bars, int]] = {}
        self._missing: Final[dict[Bars, int]] = {}

    @property
    def needed(self) -> Mapping[Bars, int]:
        """Every wanted stream, with the bars it takes until all that is on it has a value."""
        return self._needed

    def want(self, bars: Bars, warm_up: int) -> None:
        """Take bars of a stream, and count it as warm after ``warm_up`` of them at the earliest."""
        self._fed.setdefault(bars, [])
        self._needed[bars] = needed = max(warm_up, self._needed.get(bars, 0))
        if needed > 0:
            self._missing[bars] = needed

    def feed(self, bars: Bars, fed: Fed[Indicator]) -> None:
        """Update an indicator with every bar of a stream."""
        self.want(bars, fed.bars_needed)
        self._fed[bars].append(fed)

    def take(self, name: Bars, bar: Bar) -> None:
        """Update what is on a wanted stream, of which ``bar`` has closed."""
        for fed in self._fed[name]:
            fed.update(bar)
        if name in self._missing:
            self._missing[name] -= 1
            if self._missing[name] == 0:
                del self._missing[name]

    def is_warm(self, instrument: str | None = None) -> bool:
        """Whether all streams are warm, or all of one instrument."""
        if instrument is None or not self._missing:
            return not self._missing
        return not any(cold.instrument == instrument for cold in self._missing)


def usual_price(instrument: Instrument) -> PriceType:
    """What ``auto`` stands for where nobody says what data there is: the mid of what is quoted
    over the counter, else the last trade.
    """
    return PriceType.MID if instrument.asset_class in _QUOTED else PriceType.LAST


def bars_of(strategy: str, instrument: str, interval: str, price_type: PriceType) -> Bars:
    """The stream that these words name.

    Raises:
        ParameterError: the interval is none.
    """
    if not _INTERVAL.fullmatch(interval):
        raise ParameterError(
            f"strategy {strategy}: interval {interval!r} must be a number and a unit, "
            "such as 1s, 5m, 4h or 1d"
        )
    return Bars(instrument, interval, price_type)
