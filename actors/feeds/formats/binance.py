"""Binance's public data: csv files, zipped or not, of klines, trades and aggregated trades.

Source: https://github.com/binance/binance-public-data. Files of older dates have no header row;
times are milliseconds, and microseconds in spot files from 2025 on. A kline's time is when it
opened.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from actors.feeds.errors import Unreadable
from actors.feeds.formats.delimited import DelimitedReader
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.intervals import interval_ns
from actors.feeds.text.clocks import Epoch, epoch_unit
from actors.feeds.text.layout import Layout
from actors.feeds.text.lines import DAMAGED, TextFile, first_lines
from events.batches import BatchKind
from schemas.quantities import Nanoseconds, nanoseconds

_NAME: Final = re.compile(
    r"(?P<symbol>[A-Z0-9]+)-(?P<what>trades|aggTrades|\d+(?:s|m|h|d|w|mo))"
    r"-(?P<date>\d{4}-\d\d(?:-\d\d)?)"
)
_KLINES: Final = ("time", "open", "high", "low", "close", "volume", "", "", "", "", "", "")
_TRADES: Final = ("trade_id", "price", "size", "", "time", "aggressor", "")
_AGGREGATED: Final = ("trade_id", "price", "size", "", "", "time", "aggressor", "")
_BUYER_WAS_MAKER: Final = {"true": -1, "false": 1}


@dataclass(frozen=True, slots=True)
class BinanceFormat:
    """Files named ``SYMBOL-trades-DATE``, ``SYMBOL-aggTrades-DATE`` or ``SYMBOL-INTERVAL-DATE``."""

    name: str = "binance"

    def claims(self, path: Path) -> bool:
        """By its name."""
        return path.suffix.lower() in (".csv", ".zip") and _NAME.fullmatch(path.stem) is not None

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:  # noqa: ARG002
        """The one part of a file; nothing when it has no rows.

        Raises:
            Unreadable: it is damaged, or its name does not tell what it holds.
        """
        named = _NAME.fullmatch(path.stem)
        if named is None:
            text = (
                "the name is not SYMBOL-trades-DATE, SYMBOL-aggTrades-DATE or SYMBOL-INTERVAL-DATE"
            )
            raise Unreadable(path.name, 0, "unknown_name", text)
        file = TextFile(path, _member(path) if path.suffix.lower() == ".zip" else "")
        lines = first_lines(file, 2)
        header = 0 if lines and lines[0][:1].isdecimal() else 1
        if len(lines) <= header:
            return []
        layout = _layout(named["what"], lines[header], header)
        ticks = layout.kind is BatchKind.TRADES
        return [
            Part(
                path=path,
                symbol=named["symbol"],
                venue="BINANCE",
                kind=layout.kind,
                reader=DelimitedReader(file, layout),
                interval="" if ticks else named["what"],
                starts=_start(named["date"]),
                meaning=f"{layout.fields} {layout.clock}",
            )
        ]


def _member(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.endswith(".csv")]
    except DAMAGED as error:
        raise Unreadable(path.name, 0, "damaged", f"the archive is damaged: {error}") from error
    if len(members) != 1:
        raise Unreadable(path.name, 0, "damaged", f"one csv was expected inside, not {members}")
    return members[0]


def _layout(what: str, first_row: str, header: int) -> Layout:
    cells = first_row.split(",")
    kind, later = BatchKind.TRADES, 0
    fields: tuple[str, ...]
    match what:
        case "trades":
            fields = _TRADES
        case "aggTrades":
            fields = _AGGREGATED
        case interval:
            fields, kind, later = _KLINES, BatchKind.TRADE_BARS, interval_ns(interval)
    # Futures files lack the last column of spot files, which nobody needs.
    fields = fields[: max(len(cells), len(fields) - 1)]
    time = fields.index("time")
    return Layout(
        kind=kind,
        fields=fields,
        clock=Epoch(epoch_unit(cells[time] if time < len(cells) else "")),
        later_ns=later,
        aggressor=_BUYER_WAS_MAKER,
        header=header,
    )


def _start(text: str) -> Nanoseconds:
    form = "%Y-%m-%d" if text.count("-") == 2 else "%Y-%m"
    return nanoseconds(datetime.strptime(text, form).replace(tzinfo=UTC))
