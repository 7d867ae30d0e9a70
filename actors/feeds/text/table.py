"""Whole lines to rows: columns split by Arrow, numbers exact, odd rows told apart one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from actors.feeds.columns import SIZE_NAMES
from actors.feeds.errors import Unreadable
from actors.feeds.rows import (
    Block,
    Bools,
    Faults,
    Int64s,
    Origin,
    Place,
    Refusal,
    Rows,
    block_without,
)
from actors.feeds.text.decimals import Excess, mantissas
from actors.feeds.text.layout import AGGRESSOR, TIME, TRADE_ID, Layout, Precision
from actors.feeds.text.lines import Lines
from actors.feeds.text.source import Source


def read_block(name: str, lines: Lines, layout: Layout, precision: Precision) -> Block:
    """The rows behind a block of lines.

    Raises:
        MixedZones: a time is of another zone than those before; the rows before come with it.
    """
    table, odd = _split(lines, layout)
    numbers = _numbers(lines, table.num_rows, odd, _header(lines, layout))
    times = layout.clock.read(_column(table, TIME), layout.later_ns)
    oddities = _Oddities(numbers, odd, {i: (TIME, reason) for i, reason in times.faults.items()})
    columns = _columns(table, layout, precision, oddities)
    source = Source(name, lines)
    rows = Rows(
        ts=times.values,
        columns=columns,
        origin=lambda index: source.origin(int(numbers[index])),
        trade_ids=_column(table, TRADE_ID) if TRADE_ID in layout.fields else None,
    )
    if times.foreign is None:
        return _block(rows, source, oddities, lines.end)
    before = rows.take(np.arange(times.foreign))
    here = source.place(int(numbers[times.foreign]))
    good = _block(before, source, oddities.before(times.foreign), here)
    raise MixedZones(rows.origin(times.foreign), good)


@dataclass(slots=True)
class _Oddities:
    """What stands out in a block: numbers of its rows and of its odd lines, and faults by row."""

    numbers: Int64s
    odd: list[int]
    faults: Faults
    rounded: int = 0

    def before(self, index: int) -> "_Oddities":
        number = int(self.numbers[index])
        return _Oddities(
            self.numbers[:index],
            [line for line in self.odd if line < number],
            {place: fault for place, fault in self.faults.items() if place < index},
            self.rounded,
        )


class MixedZones(Unreadable):
    """A file has times of two zones. ``block`` holds the rows before the first of the second."""

    def __init__(self, stranger: Origin, block: Block) -> None:
        super().__init__(
            stranger.file,
            stranger.number,
            "mixed_time_zones",
            f"field {TIME}: another time zone than in the rows before: {stranger.raw!r}; give"
            " the zone that the file is in (--timezone) to have every offset taken as it stands",
        )
        self.block = block


def _split(lines: Lines, layout: Layout) -> tuple[pa.Table, list[int]]:
    """The cells as text, and the numbers of lines with another number of columns."""
    text = lines.text
    if b"\r" in text:
        # Arrow would take a carriage return by itself for the end of a line.
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    expected = lines.end.row - lines.start.row - _header(lines, layout)
    table, odd = _parsed(text, lines, layout, quoted=b'"' in text)
    if table.num_rows + len(odd) != expected:
        # A quotation mark without its partner swallowed lines.
        table, odd = _parsed(text, lines, layout, quoted=False)
    return table, odd


def _parsed(
    text: bytes, lines: Lines, layout: Layout, *, quoted: bool
) -> tuple[pa.Table, list[int]]:
    odd: list[int] = []

    def skip(row: pc_csv.InvalidRow) -> str:
        odd.append(lines.start.row + row.number)
        return "skip"

    names = [meaning or f"unused_{index}" for index, meaning in enumerate(layout.fields)]
    arguments = {
        "read_options": pc_csv.ReadOptions(
            column_names=names,
            skip_rows=_header(lines, layout),
            use_threads=False,
            block_size=2 * len(text),
        ),
        "parse_options": pc_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if quoted else False,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        "convert_options": pc_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[meaning for meaning in layout.fields if meaning],
            strings_can_be_null=False,
        ),
    }
    try:
        return pc_csv.read_csv(pa.BufferReader(text), **arguments), odd
    except pa.ArrowInvalid:
        # Bytes that are no UTF-8: they stay visible, and their cells fail as numbers.
        odd.clear()
        readable = text.decode("utf-8", "replace").encode()
        return pc_csv.read_csv(pa.BufferReader(readable), **arguments), odd


def _columns(
    table: pa.Table, layout: Layout, precision: Precision, oddities: _Oddities
) -> dict[str, Int64s]:
    columns: dict[str, Int64s] = {}
    for name in layout.fields:
        if name in ("", TIME, TRADE_ID):
            continue
        if name == AGGRESSOR:
            columns[name] = _aggressors(_column(table, name), layout.aggressor)
            continue
        size = name in SIZE_NAMES
        places = precision.size if size else precision.price - layout.price_shift
        found = mantissas(_column(table, name), places, Excess.ROUND if size else Excess.REFUSE)
        columns[name] = found.values
        oddities.rounded += found.rounded
        for index, reason in found.faults.items():
            oddities.faults.setdefault(index, (name, reason))
    return columns


def _aggressors(texts: pa.StringArray, sides: Mapping[str, int]) -> Int64s:
    encoded = texts.dictionary_encode()
    codes = [sides.get(str(text).strip().lower(), 0) for text in encoded.dictionary.to_pylist()]
    return np.asarray(codes, dtype=np.int64)[np.asarray(encoded.indices)]


def _block(rows: Rows, source: Source, oddities: _Oddities, end: Place) -> Block:
    suspicious = {"size_rounded": oddities.rounded} if oddities.rounded else {}
    block = block_without(rows, oddities.faults, end, suspicious)
    if not oddities.odd:
        return block
    numbers = np.delete(oddities.numbers, list(oddities.faults))
    odd = [
        Refusal(int(np.searchsorted(numbers, number)), source.origin(number), "", "wrong_columns")
        for number in oddities.odd
    ]
    refusals = sorted([*block.refusals, *odd], key=lambda refusal: refusal.origin.number)
    return replace(block, refusals=refusals)


def _numbers(lines: Lines, count: int, skipped: list[int], header: int) -> Int64s:
    """Line numbers of the rows that Arrow kept."""
    total = lines.end.row - lines.start.row - header
    numbers = np.arange(total, dtype=np.int64) + lines.start.row + header + 1
    if skipped:
        kept: Bools = np.ones(total, dtype=np.bool_)
        kept[np.asarray(skipped) - lines.start.row - header - 1] = False
        numbers = numbers[kept]
    assert len(numbers) == count, "every line is a row, or was handed to the handler"
    return numbers


def _header(lines: Lines, layout: Layout) -> int:
    return max(layout.header - lines.start.row, 0)


def _column(table: pa.Table, name: str) -> pa.StringArray:
    return table.column(name).combine_chunks()
