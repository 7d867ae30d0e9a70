"""What looking up single rows of a market log comes to, whatever looks; to be inherited."""

import pyarrow as pa
import pytest

from events.batches import LAYOUTS, BatchKind, Terms
from events.errors import NotFound
from events.market_log import MarketLog
from events.rows import MarketRows
from tests.contracts.market_log import append
from tests.support.batches import EURUSD, START_NS

SOURCE = "fxcm-eurusd"


def write_rows(log: MarketLog) -> None:
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
    with log.open(SOURCE) as writer:
        append(writer, 4, 6)
        writer.append(BatchKind.FACTS, Terms(), fact, checkpoint=b"")
        append(writer, 3)


class MarketRowsContract:
    """A subclass has a fixture ``rows`` over a log that ``write_rows`` wrote."""

    @pytest.mark.parametrize("seq", [0, 3, 4, 9, 11, 13])
    def test_a_row_is_found_by_its_number(self, rows: MarketRows, seq: int) -> None:
        row = rows.last(SOURCE, seq, seq)
        assert row is not None
        assert (row.id, row.cells["bid"], row.kind) == (f"{SOURCE}:{seq}", seq, "market.quote")

    @pytest.mark.parametrize(("from_seq", "to_seq", "last"), [(0, 10, 9), (8, 12, 12), (2, 99, 13)])
    def test_the_last_row_of_an_instrument_in_a_range(
        self, rows: MarketRows, from_seq: int, to_seq: int, last: int
    ) -> None:
        row = rows.last(SOURCE, from_seq, to_seq, EURUSD.instrument)
        assert row is not None
        assert row.seq == last

    def test_facts_count_where_no_instrument_is_named(self, rows: MarketRows) -> None:
        row = rows.last(SOURCE, 0, 10)
        assert row is not None
        assert (row.seq, row.kind) == (10, "market.gap")

    @pytest.mark.parametrize(
        ("from_seq", "to_seq", "instrument"),
        [(10, 10, EURUSD.instrument), (0, 13, "GBP/USD.FXCM"), (14, 20, "")],
    )
    def test_nothing_is_found_where_nothing_is(
        self, rows: MarketRows, from_seq: int, to_seq: int, instrument: str
    ) -> None:
        assert rows.last(SOURCE, from_seq, to_seq, instrument) is None

    def test_a_source_that_is_not_there_is_named(self, rows: MarketRows) -> None:
        assert list(rows.sources()) == [SOURCE]
        with pytest.raises(NotFound, match="nowhere"):
            rows.last("nowhere", 0, 0)
