"""LEAN's zips: ``<security>/<market>/<resolution>/<symbol>/<date>_<type>.zip`` for ticks, seconds
and minutes, ``<security>/<market>/<hour|daily>/<symbol>[_<type>].zip`` for the rest.

Source: https://www.quantconnect.com/docs/v2/lean-engine/datasets/format and the data in LEAN's
repository. Ticks, seconds and minutes carry milliseconds since midnight of the file's date, by the
market's clock; hours and days carry ``YYYYMMDD HH:MM``. A bar's time is when it opened. Equity
prices are multiplied by 10,000.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from actors.feeds.errors import FeedError, NotMarketData, Unreadable
from actors.feeds.formats.delimited import DelimitedReader
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.futures import contract_code
from actors.feeds.intervals import interval_ns
from actors.feeds.text.clocks import Clock, Stamp, TimeOfDay
from actors.feeds.text.layout import Layout
from actors.feeds.text.lines import DAMAGED, TextFile, first_lines
from actors.feeds.text.zones import NEW_YORK
from actors.feeds.text.zones import UTC as UTC_ZONE
from events.batches import BatchKind
from schemas.quantities import nanoseconds

SECURITIES: Final = ("forex", "cfd", "equity", "future", "crypto", "cryptofuture")
_INTERVALS: Final = {"tick": "", "second": "1s", "minute": "1m", "hour": "1h", "daily": "1d"}
_ZONES: Final = {"fxcm": "-05:00", "usa": NEW_YORK}
"""Clocks of the markets that do not keep UTC. FXCM's is Eastern Standard Time all year."""
_EQUITY_SHIFT: Final = 4

_QUOTE_BAR: Final = tuple(
    f"{side}_{name}" for side in ("bid", "ask") for name in ("open", "high", "low", "close", "size")
)
_FIELDS: Final = {
    ("quote", False): ("time", *_QUOTE_BAR),
    ("trade", False): ("time", "open", "high", "low", "close", "volume"),
    ("trade", True): ("time", "price", "size"),
    ("quote", True): ("time", "bid", "bid_size", "ask", "ask_size"),
}
_UNSIZED_QUOTE: Final = ("time", "bid", "ask")
_TICK_EXTRAS: Final = ("", "", "")
"""Exchange, sale condition and suspicious flag: the end of ticks of equities and futures."""
_KINDS: Final = {
    ("quote", True): BatchKind.QUOTES,
    ("trade", True): BatchKind.TRADES,
    ("quote", False): BatchKind.QUOTE_BARS,
    ("trade", False): BatchKind.TRADE_BARS,
}
_MEMBER: Final = re.compile(
    r"(?P<date>\d{8})_(?P<symbol>[^_]+)_"
    r"(?:(?P<a>tick|second|minute)_(?P<b>quote|trade|openinterest)"
    r"|(?P<c>quote|trade|openinterest)_(?P<d>tick|second|minute))"
    r"(?:_(?P<month>\d{6})(?:_\d+)?)?\.csv",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where in LEAN's folders a file stands. ``type`` is empty where the name does not tell it."""

    security: str
    market: str
    resolution: str
    symbol: str
    type: str


@dataclass(frozen=True, slots=True)
class LeanFormat:
    """Zips in LEAN's data folders."""

    name: str = "lean"

    def claims(self, path: Path) -> bool:
        """A zip in LEAN's folders, or with members named as LEAN names them."""
        if path.suffix.lower() != ".zip":
            return False
        return _shelf(path) is not None or any(map(_MEMBER.fullmatch, _members(path, quiet=True)))

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:
        """One part a member; a zip of futures has one a contract.

        Raises:
            Unreadable: it is damaged.
            NotMarketData: it holds open interest.
            FeedError: it is not in LEAN's folders.
        """
        members = [name for name in _members(path) if name.endswith(".csv")]
        shelf = _shelf(path)
        if shelf is None:
            raise FeedError(
                f"{path}: LEAN's folders tell a file's market, clock and price scale: keep it in"
                " <security>/<market>/<resolution>/"
            )
        return [_part(path, member, shelf, options) for member in members]


def _members(path: Path, *, quiet: bool = False) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except DAMAGED as error:
        if quiet:
            return []
        raise Unreadable(path.name, 0, "damaged", f"the archive is damaged: {error}") from error


def _shelf(path: Path) -> Shelf | None:
    folders = [part.lower() for part in path.absolute().parts[:-1]]
    stem = path.stem.lower()
    for index in range(len(folders) - 1, -1, -1):
        if folders[index] not in SECURITIES:
            continue
        inside = folders[index + 1 :]
        if len(inside) == 3 and inside[1] in ("tick", "second", "minute"):
            return Shelf(folders[index], inside[0], inside[1], inside[2], stem.partition("_")[2])
        if len(inside) == 2 and inside[1] in ("hour", "daily"):
            symbol, _, type_ = stem.partition("_")
            return Shelf(folders[index], inside[0], inside[1], symbol, type_)
    return None


def _part(path: Path, member: str, shelf: Shelf, options: FileOptions) -> Part:
    named = _MEMBER.fullmatch(member)
    type_ = (named["b"] or named["c"]).lower() if named else shelf.type
    type_ = type_ or ("trade" if shelf.security == "equity" else "quote")
    if (type_, shelf.resolution == "tick") not in _KINDS:
        raise NotMarketData(f"{path}: holds {type_!r}, and neither quotes nor trades")
    symbol = shelf.symbol
    if named is not None and named["month"]:
        symbol = contract_code(symbol, int(named["month"][:4]), int(named["month"][4:]))
    day = _day(path, named)
    zone = options.timezone or _ZONES.get(shelf.market, UTC_ZONE)
    interval = _INTERVALS[shelf.resolution]
    layout = _layout(TextFile(path, member), shelf, type_, _clock(shelf, day, zone, path))
    return Part(
        path=path,
        symbol=symbol,
        venue=shelf.market.upper(),
        kind=layout.kind,
        reader=DelimitedReader(TextFile(path, member), layout),
        interval=interval,
        starts=None if day is None else _midnight(day),
        meaning=f"{member} {zone} {layout.fields} {layout.price_shift}",
    )


def _day(path: Path, named: re.Match[str] | None) -> date | None:
    text = named["date"] if named else path.stem[:8]
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _clock(shelf: Shelf, day: date | None, zone: str, path: Path) -> Clock:
    if shelf.resolution in ("hour", "daily"):
        return Stamp("%Y%m%d %H:%M", zone)
    if day is None:
        raise FeedError(f"{path}: the name does not begin with the date (YYYYMMDD) of its rows")
    return TimeOfDay(day, zone)


def _layout(file: TextFile, shelf: Shelf, type_: str, clock: Clock) -> Layout:
    tick = shelf.resolution == "tick"
    fields = _FIELDS[type_, tick]
    if tick:
        fields = _tick_fields(fields, _columns_of(file))
    interval = _INTERVALS[shelf.resolution]
    return Layout(
        kind=_KINDS[type_, tick],
        fields=fields,
        clock=clock,
        later_ns=interval_ns(interval) if interval else 0,
        price_shift=_EQUITY_SHIFT if shelf.security == "equity" else 0,
    )


def _tick_fields(fields: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """Ticks of currencies have no sizes; those of equities and futures have three columns more."""
    if columns == len(_UNSIZED_QUOTE) and "bid" in fields:
        return _UNSIZED_QUOTE
    return fields + _TICK_EXTRAS if columns == len(fields) + len(_TICK_EXTRAS) else fields


def _columns_of(file: TextFile) -> int:
    return sum(line.count(",") + 1 for line in first_lines(file, 1))


def _midnight(day: date) -> int:
    return nanoseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
