"""Dukascopy's ``.bi5``: an hour's ticks, or a period's candles of one side, packed by LZMA.

Source: the files at datafeed.dukascopy.com, as read by dukascopy-node. Folders are
``SYMBOL/YYYY/MM/DD/HHh_ticks.bi5`` with **January as 00**. Numbers are big-endian: a tick is ms in
the hour, ask, bid, ask volume, bid volume; a candle is seconds in the file's period, open, **close,
low, high**, volume. Prices are integers, volumes 32-bit floats in millions of units. An empty file
is an hour without ticks.
"""

import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.feeds.columns import PRICES, SIZES
from actors.feeds.errors import FeedError, Unreadable
from actors.feeds.formats.dukascopy_names import name_of, price_decimals
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.intervals import interval_ns
from actors.feeds.rows import Block, Faults, Int64s, Origin, Place, Rows, block_without
from actors.feeds.text.layout import Precision
from events.batches import BatchKind
from schemas.quantities import SECOND_NS, Nanoseconds, nanoseconds

_TICK: Final = np.dtype(
    [("time", ">u4"), ("ask", ">u4"), ("bid", ">u4"), ("ask_size", ">f4"), ("bid_size", ">f4")]
)
_CANDLE: Final = np.dtype(
    [
        *(("time", ">u4"), ("open", ">u4"), ("close", ">u4"), ("low", ">u4"), ("high", ">u4")),
        ("volume", ">f4"),
    ]
)
_HOUR_MS: Final = 3_600_000
_UNITS_A_VOLUME: Final = 1_000_000
_INTERVALS: Final = {60: "1m", 3_600: "1h", 86_400: "1d"}


@dataclass(frozen=True, slots=True)
class DukascopyFormat:
    """Files that end in ``.bi5``."""

    name: str = "dukascopy"

    def claims(self, path: Path) -> bool:
        """By its ending."""
        return path.suffix.lower() == ".bi5"

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:
        """The one part of a file. A side's candles are price bars: half a quote bar is none.

        Raises:
            FeedError: neither the folders nor ``start`` tell the time that it covers.
        """
        name = name_of(path)
        symbol = name.symbol or options.symbol
        start = name.start if options.start is None else nanoseconds(options.start)
        if start is None or not symbol:
            raise FeedError(
                f"{path}: cannot tell the instrument and the time that it covers: keep it in"
                " SYMBOL/YYYY/MM/DD/HHh_ticks.bi5 (January is 00), or give --instrument and, in a"
                " configuration file, `start`"
            )
        interval = name.interval or ("" if name.ticks else _spacing(path))
        records = _Records(_CANDLE if interval else _TICK, start, interval)
        return [
            Part(
                path=path,
                symbol=symbol,
                venue="DUKASCOPY",
                kind=BatchKind.TRADE_BARS if interval else BatchKind.QUOTES,
                reader=Bi5Reader(path, symbol, records),
                interval=interval,
                starts=start,
                side=name.side,
                meaning=str(start),
            )
        ]


@dataclass(frozen=True, slots=True)
class _Records:
    """What the records of a file are, and when its time begins."""

    layout: np.dtype[np.void]
    start: Nanoseconds
    interval: str

    @property
    def time_unit_ns(self) -> int:
        return SECOND_NS if self.interval else SECOND_NS // 1000


@dataclass(frozen=True, slots=True)
class Bi5Reader:
    """Reads a whole file at once: an hour is small."""

    path: Path
    symbol: str
    records: _Records

    @property
    def name(self) -> str:
        """The file with the folders that tell its hour."""
        return "/".join(self.path.parts[-5:])

    def price_decimals(self) -> int:
        """By the symbol: integer prices do not show it."""
        return price_decimals(self.symbol)

    def blocks(self, precision: Precision, start: Place) -> Iterator[Block]:
        """One block; what a cut-off file still tells comes before the error.

        Raises:
            Unreadable: it is not LZMA, is cut off, or holds no whole number of records.
        """
        body, damage = _decompressed(self.path, self.name, self.records.layout.itemsize)
        size = self.records.layout.itemsize
        whole = len(body) // size
        found = np.frombuffer(body, dtype=self.records.layout, count=whole)[start.offset :]
        if len(found):
            yield self._block(found, precision, start)
        if damage is None and len(body) % size:
            damage = Unreadable(
                self.name, whole + 1, "truncated", f"the last record has not its {size} bytes"
            )
        if damage is not None:
            raise damage

    def _block(self, found: NDArray[np.void], precision: Precision, start: Place) -> Block:
        kind = BatchKind.TRADE_BARS if self.records.interval else BatchKind.QUOTES
        faults: Faults = {}
        columns: dict[str, Int64s] = {}
        for name in SIZES[kind]:
            columns[name] = _sizes(found[name], precision, name, faults)
        for name in PRICES[kind]:
            columns[name] = self._prices(found[name], precision, name, faults)
        if kind is BatchKind.QUOTES:
            outside = np.flatnonzero(found["time"] >= _HOUR_MS).tolist()
            faults.update((index, ("time", "time_out_of_range")) for index in outside)
        later = interval_ns(self.records.interval) if self.records.interval else 0
        rows = Rows(
            ts=self.records.start
            + found["time"].astype(np.int64) * self.records.time_unit_ns
            + later,
            columns=columns,
            origin=lambda index: _origin(self.name, found, start, index),
        )
        end = Place(start.offset + len(found), start.row + len(found))
        return block_without(rows, faults, end, {})

    def _prices(
        self, raw: NDArray[np.void], precision: Precision, name: str, faults: Faults
    ) -> Int64s:
        prices: Int64s = raw.astype(np.int64)
        surplus = self.price_decimals() - precision.price
        if surplus <= 0:
            return prices * np.int64(10**-surplus)
        whole: Int64s
        whole, rest = np.divmod(prices, 10**surplus)
        faults.update((index, (name, "too_precise")) for index in np.flatnonzero(rest).tolist())
        return whole


def _sizes(raw: NDArray[np.void], precision: Precision, name: str, faults: Faults) -> Int64s:
    """Whole units: a 32-bit float in millions is only as close to one as seven digits are."""
    millions = raw.astype(np.float64)
    faults.update(
        (index, (name, "not_a_number")) for index in np.flatnonzero(~np.isfinite(millions)).tolist()
    )
    units = np.rint(np.nan_to_num(millions, posinf=0.0, neginf=0.0) * _UNITS_A_VOLUME)
    sizes: Int64s = units.astype(np.int64) * 10**precision.size
    return sizes


def _decompressed(path: Path, name: str, size: int) -> tuple[bytes, Unreadable | None]:
    """What can be had of a file, and what is wrong with the rest."""
    packed = path.read_bytes()
    if not packed:
        return b"", None
    decoder = lzma.LZMADecompressor()
    try:
        body = decoder.decompress(packed)
    except lzma.LZMAError as error:
        return b"", Unreadable(name, 0, "damaged", f"not an LZMA file: {error}")
    if decoder.eof:
        return body, None
    text = "the file is cut off: its LZMA stream does not end"
    return body, Unreadable(name, len(body) // size + 1, "truncated", text)


def _spacing(path: Path) -> str:
    """The interval of a file that does not tell by its name: candles are evenly spaced."""
    body, _ = _decompressed(path, path.name, _CANDLE.itemsize)
    if len(body) % _CANDLE.itemsize or len(body) < 2 * _CANDLE.itemsize:
        return ""
    steps = np.diff(np.frombuffer(body, dtype=_CANDLE)["time"].astype(np.int64))
    even = int(steps[0]) if (steps == steps[0]).all() else 0
    return _INTERVALS.get(even, "")


def _origin(name: str, found: NDArray[np.void], start: Place, index: int) -> Origin:
    return Origin(name, start.row + index + 1, ",".join(map(str, found[index].tolist())))
