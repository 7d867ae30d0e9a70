"""What names and folders of Dukascopy's files tell: symbol, hour, and the length of candles."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from actors.feeds.errors import FeedError
from actors.feeds.symbols import METALS, compact
from schemas.quantities import Nanoseconds, nanoseconds

_TICKS: Final = re.compile(r"(?P<hour>\d\d)h_ticks", re.IGNORECASE)
_CANDLES: Final = re.compile(r"(?P<side>BID|ASK)_candles_(?P<length>min|hour|day)_1", re.IGNORECASE)
_LENGTHS: Final = {"min": ("1m", 3), "hour": ("1h", 2), "day": ("1d", 1)}
"""Interval, and how many dated folders (year, month, day) a file of such candles stands in."""

_DECIMALS: Final = 5
_DECIMALS_BY_QUOTE: Final = {"JPY": 3, "HUF": 3, "THB": 3, "RUB": 3, "CZK": 4}
_ONE_DECIMAL: Final = ("BTC", "ETH", "LTC", "BCH", "YFI")
_THREE_DECIMALS: Final = (*sorted(METALS), "ADA", "AVE", "DSH", "LNK", "UNI")


@dataclass(frozen=True, slots=True)
class Name:
    """What a path tells; empty or ``None`` is what it does not.

    Attributes:
        ticks: whether the name says that the file holds ticks.
        interval: of candles.
        side: ``BID`` or ``ASK``, of candles.
        start: of the time that the file covers.
    """

    ticks: bool = False
    interval: str = ""
    side: str = ""
    symbol: str = ""
    start: Nanoseconds | None = None


def name_of(path: Path) -> Name:
    """What a path tells.

    Raises:
        FeedError: its folders are no date.
    """
    ticks, candles = _TICKS.fullmatch(path.stem), _CANDLES.fullmatch(path.stem)
    if ticks:
        symbol, start = _folders(path, 3, int(ticks["hour"]))
        return Name(ticks=True, symbol=symbol, start=start)
    if candles:
        interval, depth = _LENGTHS[candles["length"].lower()]
        symbol, start = _folders(path, depth, 0)
        return Name(interval=interval, side=candles["side"].upper(), symbol=symbol, start=start)
    return Name()


def price_decimals(symbol: str) -> int:
    """Decimals of integer prices: 5, but 3 against yen and for metals, and 1 for large coins.

    As dukascopy-node's instrument metadata (``decimalFactor``) has them.
    """
    name = compact(symbol)
    if name.startswith(_ONE_DECIMAL):
        return 1
    if name.startswith(_THREE_DECIMALS) or len(name) != 6:
        return 3
    return _DECIMALS_BY_QUOTE.get(name[3:], _DECIMALS)


def _folders(path: Path, depth: int, hour: int) -> tuple[str, Nanoseconds | None]:
    """Symbol and start of the time covered, where ``depth`` dated folders are around the file."""
    above = [parent.name for parent in path.absolute().parents]
    dated = above[:depth]
    if not all(name.isdecimal() for name in dated) or above[depth : depth + 1] in ([], [""]):
        return "", None
    year, month, day = [int(name) for name in reversed(dated)] + [0, 1][depth - 1 :]
    try:
        start = datetime(year, month + 1, day, tzinfo=UTC) + timedelta(hours=hour)
    except ValueError as error:
        raise FeedError(f"{path}: no such date (January is folder 00): {error}") from error
    return above[depth].upper(), nanoseconds(start)
