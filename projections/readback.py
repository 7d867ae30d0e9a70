"""Reads a source's market records back from ClickHouse, equal to those in its market log.

The rows, integers and numbers are the same; records are cut where terms change, so one may hold
more or fewer rows than the feed once appended together.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa

from events.batches import LAYOUTS, BatchKind, MarketRecord, Terms
from events.errors import Corrupt, NotFound
from projections.checkpoints import market_stream
from projections.store.port import Parameters, Queries
from projections.tables.catalogue import FACT_TABLES, TICK_TABLES
from projections.tables.tick_table import TickTable

_TERMS: Final = ("instrument", "interval", "price_precision", "size_precision")
_RANGE: Final = "source = {source:String} AND seq BETWEEN {lo:Int64} AND {hi:Int64}"


def projected_rows(queries: Queries, source: str) -> int:
    """How many rows of a source can be read back, which is the number of the next one."""
    rows = queries.query(
        "SELECT max(next) FROM checkpoints WHERE stream = {stream:String}",
        {"stream": market_stream(source)},
    ).rows
    return int(str(rows[0][0]))


class ProjectedMarket:
    """Implements ``events.market_log.MarketReader`` on what is in ClickHouse."""

    def __init__(self, queries: Queries) -> None:
        self._queries: Final = queries

    def read(
        self, source: str, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[MarketRecord]:
        return read_back(self._queries, source, from_seq, to_seq)


def read_back(
    queries: Queries,
    source: str,
    from_seq: int = 0,
    to_seq: int | None = None,
    *,
    rows_max: int = 250_000,
) -> Iterator[MarketRecord]:
    """Records that hold just the rows ``from_seq .. to_seq`` of a source, in order.

    Args:
        to_seq: the last row; the last that is projected when it is ``None`` or beyond.
        rows_max: rows that are held in memory at a time.

    Raises:
        NotFound: nothing of the source is in ClickHouse.
        Corrupt: a row of the range is missing or twice.
    """
    end = projected_rows(queries, source)
    if end == 0:
        raise NotFound(f"{source}: nothing of it is in ClickHouse")
    stop = end if to_seq is None else min(end, to_seq + 1)
    for lo in range(from_seq, stop, rows_max):
        hi = min(lo + rows_max, stop) - 1
        records = sorted(_window(queries, source, lo, hi), key=lambda record: record.first)
        _check_whole(records, source, lo, hi)
        yield from records


def _window(queries: Queries, source: str, lo: int, hi: int) -> Iterator[MarketRecord]:
    place: Parameters = {"source": source, "lo": lo, "hi": hi}
    for ticks in TICK_TABLES.values():
        sql = f"SELECT * FROM {ticks.table.stored} FINAL WHERE {_RANGE} ORDER BY seq"
        yield from _tick_records(ticks, source, queries.query_arrow(sql, place))
    columns = "seq, ts_event, ts_init, kind, version, payload"
    facts = " UNION ALL ".join(
        f"SELECT {columns} FROM {each.table.stored} FINAL WHERE {_RANGE}"
        for each in FACT_TABLES.values()
    )
    rows = queries.query_arrow(f"SELECT * FROM ({facts}) ORDER BY seq", place)
    for start, stop in _stretches(rows):
        yield _record(source, BatchKind.FACTS, Terms(), rows.slice(start, stop - start))


def _tick_records(ticks: TickTable, source: str, rows: pa.Table) -> Iterator[MarketRecord]:
    for start, stop in _stretches(rows):
        part = rows.slice(start, stop - start)
        first = part.slice(0, 1).to_pydict()
        terms = Terms(**{name: first[name][0] for name in _TERMS if name in first})
        yield _record(source, ticks.kind, terms, part)


def _stretches(rows: pa.Table) -> Iterator[tuple[int, int]]:
    """Where to cut: rows that follow one another, and share their terms."""
    if rows.num_rows == 0:
        return
    cuts = np.diff(rows.column("seq").to_numpy()) != 1
    for name in _TERMS:
        if name in rows.column_names:
            codes = rows.column(name).combine_chunks().dictionary_encode().indices.to_numpy()
            cuts |= np.diff(codes) != 0
    edges = [0, *(np.flatnonzero(cuts) + 1).tolist(), rows.num_rows]
    yield from pairwise(edges)


def _record(source: str, kind: BatchKind, terms: Terms, rows: pa.Table) -> MarketRecord:
    layout = LAYOUTS[kind]
    columns = [rows.column(f.name).combine_chunks().cast(f.type) for f in layout]
    return MarketRecord(
        source=source,
        first=rows.column("seq")[0].as_py(),
        kind=kind,
        terms=terms,
        batch=pa.RecordBatch.from_arrays(columns, schema=layout),
    )


def _check_whole(records: list[MarketRecord], source: str, lo: int, hi: int) -> None:
    expected = lo
    for record in records:
        if record.first != expected:
            raise Corrupt(f"{source}:{min(record.first, expected)}: missing or twice in ClickHouse")
        expected = record.last + 1
    if expected != hi + 1:
        raise Corrupt(f"{source}:{expected}: missing in ClickHouse; project the source again")
