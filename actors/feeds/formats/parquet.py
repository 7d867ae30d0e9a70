"""Parquet (and Feather) tables: quotes, trades or bars, their columns known by their usual names.

Decimals, integers and text are taken exactly. A binary float is taken as the shortest decimal that
it stands for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
import pyarrow.parquet as pq

from actors.feeds.columns import PRICES, SIZE_NAMES
from actors.feeds.errors import Unreadable
from actors.feeds.formats.delimited import with_all_columns
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.formats.headers import Heading, understand
from actors.feeds.formats.spacing import interval_for
from actors.feeds.intervals import interval_ns
from actors.feeds.rows import (
    RAW_LENGTH_MAX,
    Block,
    Faults,
    Int64s,
    Origin,
    Place,
    Rows,
    block_without,
)
from actors.feeds.text.clocks import Times, clock_for
from actors.feeds.text.decimals import Excess, decimal_places, mantissas
from actors.feeds.text.layout import AGGRESSOR, TIME, TRADE_ID, Precision
from actors.feeds.text.zones import UTC, to_utc
from events.batches import BatchKind

_ROWS_A_BLOCK: Final = 65_536
_PEEKED_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class ParquetFormat:
    """Files that end in ``.parquet`` or ``.feather``."""

    name: str = "parquet"

    def claims(self, path: Path) -> bool:
        """By its ending."""
        return path.suffix.lower() in (".parquet", ".pq", ".feather")

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:
        """The one part of a file.

        Raises:
            Unreadable: it is damaged, or its columns cannot be understood.
        """
        with _guarded(path.name):
            head = next(_tables(path, _PEEKED_ROWS, 0), None)
            names = (
                pq.read_schema(path).names
                if _is_parquet(path)
                else feather.read_table(path).column_names
            )
        heading = understand(path.name, names, options.columns)
        if head is None:
            return []
        times = _times(head.column(heading.fields.index(TIME)), options.timezone, 0)
        interval = ""
        if heading.kind in (BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS):
            interval = interval_for(path.name, times, options.interval)
        later = interval_ns(interval) if interval and options.bar_time == "open" else 0
        return [
            Part(
                path=path,
                symbol="",
                venue="",
                kind=heading.kind,
                reader=ParquetReader(path, heading, options.timezone, later),
                interval=interval,
                starts=int(times.values[0]),
                meaning=f"{heading} {options.timezone} {later}",
            )
        ]


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """Rows of a Parquet file, a stretch at a time."""

    path: Path
    heading: Heading
    zone: str
    later_ns: int

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def price_decimals(self) -> int:
        """The most decimals of the first prices."""
        with _guarded(self.name):
            head = next(_tables(self.path, _PEEKED_ROWS, 0), None)
        if head is None:
            return 0
        prices = [
            _texts(head.column(index))
            for index, name in enumerate(self.heading.fields)
            if name in PRICES[self.heading.kind]
        ]
        return max(map(decimal_places, prices))

    def blocks(self, precision: Precision, start: Place) -> Iterator[Block]:
        """Blocks of a fixed number of rows.

        Raises:
            Unreadable: the file is damaged from here on.
        """
        with _guarded(self.name):
            for table in _tables(self.path, _ROWS_A_BLOCK, start.offset):
                yield self._block(table, precision, start)
                start = Place(start.offset + table.num_rows, start.row + table.num_rows)

    def _block(self, table: pa.Table, precision: Precision, start: Place) -> Block:
        fields = self.heading.fields
        times = _times(table.column(fields.index(TIME)), self.zone, self.later_ns)
        faults: Faults = {index: (TIME, reason) for index, reason in times.faults.items()}
        columns: dict[str, Int64s] = {}
        for index, name in enumerate(fields):
            if name in ("", TIME, TRADE_ID):
                continue
            if name == AGGRESSOR:
                columns[name] = self._aggressors(table.column(index))
                continue
            size = name in SIZE_NAMES
            found = mantissas(
                _texts(table.column(index)),
                precision.size if size else precision.price,
                Excess.ROUND if size else Excess.REFUSE,
            )
            columns[name] = found.values
            for place, reason in found.faults.items():
                faults.setdefault(place, (name, reason))
        rows = Rows(
            ts=times.values,
            columns=columns,
            origin=lambda index: _origin(self.name, table, start, index),
            trade_ids=_texts(table.column(fields.index(TRADE_ID))) if TRADE_ID in fields else None,
        )
        end = Place(start.offset + table.num_rows, start.row + table.num_rows)
        return with_all_columns(block_without(rows, faults, end, {}), self.heading.kind)

    def _aggressors(self, column: pa.ChunkedArray) -> Int64s:
        sides = [self.heading.aggressor.get(text.lower(), 0) for text in _texts(column).to_pylist()]
        return np.asarray(sides, dtype=np.int64)


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(name, 0, "damaged", f"the file is damaged: {error}") from error


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() != ".feather"


def _tables(path: Path, rows: int, skip: int) -> Iterator[pa.Table]:
    """Stretches of a fixed number of rows, wherever row groups end."""
    if not _is_parquet(path):
        table = feather.read_table(path)
        for offset in range(skip, table.num_rows, rows):
            yield table.slice(offset, rows)
        return
    waiting: list[pa.RecordBatch] = []
    count = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(rows):
            passed = min(skip, batch.num_rows)
            skip -= passed
            waiting.append(batch.slice(passed))
            count += batch.num_rows - passed
            while count >= rows:
                table = pa.Table.from_batches(waiting)
                yield table.slice(0, rows)
                waiting, count = table.slice(rows).to_batches(), count - rows
    if count:
        yield pa.Table.from_batches(waiting)


def _texts(column: pa.ChunkedArray) -> pa.StringArray:
    """Each value as decimal text; nothing stays nothing."""
    whole = column.combine_chunks()
    if pa.types.is_floating(whole.type):
        shortest = partial(np.format_float_positional, trim="-")
        return pa.array(["" if x is None else shortest(x) for x in whole.to_pylist()], pa.string())
    return pc.fill_null(pc.cast(whole, pa.string()), "")


def _times(column: pa.ChunkedArray, zone: str, later_ns: int) -> Times:
    whole = column.combine_chunks()
    if not pa.types.is_timestamp(whole.type):
        texts = _texts(column)
        first = next((text for text in texts.to_pylist() if text), "")
        return clock_for(first, zone).read(texts, later_ns)
    empty = np.flatnonzero(whole.is_null().to_numpy(zero_copy_only=False)).tolist()
    wall = np.asarray(whole.cast(pa.timestamp("ns", whole.type.tz)).view(pa.int64()).fill_null(0))
    values = wall if whole.type.tz else to_utc(wall, zone or UTC)
    return Times(values + later_ns, dict.fromkeys(empty, "missing"))


def _origin(name: str, table: pa.Table, start: Place, index: int) -> Origin:
    cells = [str(column[index].as_py()) for column in table.columns]
    return Origin(name, start.row + index + 1, ",".join(cells)[:RAW_LENGTH_MAX])
