"""Market batches: numbered quotes whose every value tells their number, and any batch at all."""

import pyarrow as pa
from hypothesis import strategies as st

from events.batches import LAYOUTS, BatchKind, MarketRecord, Terms
from tests.support.payloads import INT64, TEXT

EURUSD = Terms(instrument="EUR/USD.FXCM", price_precision=5, size_precision=0)
START_NS = 1_399_507_200_000_000_000
"""2014-05-08 00:00:00 UTC."""


def quotes(first: int, rows: int) -> pa.RecordBatch:
    """Quotes whose bid is their number."""
    numbers = range(first, first + rows)
    times = [START_NS + number for number in numbers]
    columns = {
        "ts_event": times,
        "ts_init": times,
        "bid": numbers,
        "ask": [number + 2 for number in numbers],
        "bid_size": [1_000_000] * rows,
        "ask_size": [1_000_000] * rows,
    }
    layout = LAYOUTS[BatchKind.QUOTES]
    return pa.RecordBatch.from_arrays(
        [pa.array(columns[field.name], field.type) for field in layout], schema=layout
    )


def numbers_in(records: list[MarketRecord]) -> list[int]:
    """The numbers that the quotes of records carry in their bids."""
    return [bid for record in records for bid in record.batch.column("bid").to_pylist()]


def batches_of(kind: BatchKind) -> st.SearchStrategy[pa.RecordBatch]:
    """Any batch of a kind, of 1 to 20 rows."""
    layout = LAYOUTS[kind]

    def of_rows(rows: int) -> st.SearchStrategy[pa.RecordBatch]:
        columns = [_column(field.type, rows) for field in layout]
        return st.tuples(*columns).map(
            lambda arrays: pa.RecordBatch.from_arrays(list(arrays), schema=layout)
        )

    return st.integers(min_value=1, max_value=20).flatmap(of_rows)


def _column(kind: pa.DataType, rows: int) -> st.SearchStrategy[pa.Array]:
    if kind == pa.string():
        values: st.SearchStrategy[str | int] = TEXT
    elif kind in (pa.int8(), pa.int16()):
        values = st.integers(min_value=-128, max_value=127)
    else:
        values = INT64
    return st.lists(values, min_size=rows, max_size=rows).map(lambda column: pa.array(column, kind))


TERMS = st.builds(
    Terms,
    instrument=TEXT,
    price_precision=st.integers(0, 18),
    size_precision=st.integers(0, 18),
    interval=TEXT,
)
"""Any terms."""
