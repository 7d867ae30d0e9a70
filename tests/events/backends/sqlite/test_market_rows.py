"""Looking up single rows in the SQLite market log."""

from pathlib import Path

import pyarrow as pa
import pytest

from events.backends.sqlite.market_log import SqliteMarketLog
from events.backends.sqlite.market_rows import SqliteMarketRows
from events.batches import LAYOUTS, BatchKind, Terms
from events.errors import Corrupt, NotFound
from tests.contracts.market_log import append
from tests.support.batches import EURUSD, START_NS, quotes

SOURCE = "fxcm-eurusd"


@pytest.fixture
def rows(tmp_path: Path) -> SqliteMarketRows:
    """Quotes 0 to 9, a fact numbered 10, and quotes 11 to 13."""
    fact = pa.RecordBatch.from_pydict(
        {
            "ts_event": [START_NS],
            "ts_init": [START_NS],
            "kind": ["market.gap"],
            "version": [1],
            "payload": ["{}"],
        },
        schema=LAYOUTS[BatchKind.FACTS],
    )
    with SqliteMarketLog(tmp_path).open(SOURCE) as writer:
        append(writer, 4, 6)
        writer.append(BatchKind.FACTS, Terms(), fact, checkpoint=b"")
        append(writer, 3)
    return SqliteMarketRows(tmp_path)


@pytest.mark.parametrize("seq", [0, 3, 4, 9, 11, 13])
def test_a_row_is_found_by_its_number(rows: SqliteMarketRows, seq: int) -> None:
    row = rows.last(SOURCE, seq, seq)
    assert row is not None
    assert (row.id, row.cells["bid"], row.kind) == (f"{SOURCE}:{seq}", seq, "market.quote")


@pytest.mark.parametrize(("from_seq", "to_seq", "last"), [(0, 10, 9), (8, 12, 12), (2, 99, 13)])
def test_the_last_row_of_an_instrument_in_a_range(
    rows: SqliteMarketRows, from_seq: int, to_seq: int, last: int
) -> None:
    row = rows.last(SOURCE, from_seq, to_seq, EURUSD.instrument)
    assert row is not None
    assert row.seq == last


def test_facts_count_where_no_instrument_is_named(rows: SqliteMarketRows) -> None:
    row = rows.last(SOURCE, 0, 10)
    assert row is not None
    assert (row.seq, row.kind) == (10, "market.gap")


@pytest.mark.parametrize(
    ("from_seq", "to_seq", "instrument"),
    [(10, 10, EURUSD.instrument), (0, 13, "GBP/USD.FXCM"), (14, 20, "")],
)
def test_nothing_is_found_where_nothing_is(
    rows: SqliteMarketRows, from_seq: int, to_seq: int, instrument: str
) -> None:
    assert rows.last(SOURCE, from_seq, to_seq, instrument) is None


def test_a_source_that_is_not_there_is_named(rows: SqliteMarketRows) -> None:
    assert list(rows.sources()) == [SOURCE]
    with pytest.raises(NotFound, match="nowhere"):
        rows.last("nowhere", 0, 0)


def test_a_damaged_record_is_told_by_its_checksum(rows: SqliteMarketRows, tmp_path: Path) -> None:
    path = tmp_path / f"{SOURCE}.sqlite"
    stored = path.read_bytes()
    mantissas = quotes(4, 6).column("bid").buffers()[1].to_pybytes()
    assert stored.count(mantissas) == 1
    path.write_bytes(stored.replace(mantissas, bytes(len(mantissas))))
    with pytest.raises(Corrupt, match="fxcm-eurusd:4: checksum differs"):
        rows.last(SOURCE, 5, 5)
