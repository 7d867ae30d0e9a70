"""Any CSV with a header row: quotes, trades or bars, its columns known by their usual names.

Times are ISO 8601 with or without offset, or numbers since 1970 in seconds, milliseconds,
microseconds or nanoseconds, told by their magnitude.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from actors.feeds.errors import Unreadable
from actors.feeds.formats.delimited import DelimitedReader
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.formats.headers import understand
from actors.feeds.formats.spacing import interval_for
from actors.feeds.intervals import interval_ns
from actors.feeds.text.clocks import clock_for
from actors.feeds.text.layout import TIME, Layout
from actors.feeds.text.lines import TextFile, first_lines
from events.batches import BatchKind

_SUFFIXES: Final = (".csv", ".txt", ".tsv")
_PEEKED_LINES: Final = 200
_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """Files that end in ``.csv``, ``.txt`` or ``.tsv``, or in one of these and ``.gz``."""

    name: str = "csv"

    def claims(self, path: Path) -> bool:
        """By its ending."""
        inner = Path(path.stem) if path.suffix.lower() == ".gz" else path
        return inner.suffix.lower() in _SUFFIXES

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:
        """The one part of a file.

        Raises:
            Unreadable: it has no header that can be understood.
        """
        file = TextFile(path)
        lines = first_lines(file, _PEEKED_LINES)
        if not lines:
            raise Unreadable(
                file.name, 1, "wrong_columns", "the file is empty: a header is missing"
            )
        delimiter = max(_DELIMITERS, key=lines[0].count)
        heading = understand(file.name, _cells(lines[0], delimiter), options.columns)
        column = heading.fields.index(TIME)
        rows = [_cells(line, delimiter) for line in lines[1:]]
        times = [row[column] for row in rows if column < len(row) and row[column]]
        clock = clock_for(times[0] if times else "", options.timezone)
        interval = ""
        if heading.kind in (BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS):
            interval = interval_for(file.name, clock.read(pa.array(times)), options.interval)
        opened = bool(interval) and options.bar_time == "open"
        layout = Layout(
            kind=heading.kind,
            fields=heading.fields,
            clock=clock,
            later_ns=interval_ns(interval) if opened else 0,
            aggressor=heading.aggressor,
            header=1,
            delimiter=delimiter,
        )
        starts = next(iter(clock.read(pa.array(times[:1], pa.string())).values.tolist()), None)
        return [
            Part(
                path=path,
                symbol="",
                venue="",
                kind=heading.kind,
                reader=DelimitedReader(file, layout),
                interval=interval,
                starts=starts,
                meaning=f"{heading} {clock} {layout.later_ns}",
            )
        ]


def _cells(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
