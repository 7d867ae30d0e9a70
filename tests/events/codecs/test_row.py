"""Single rows out of stored batches: the same as Arrow reads, without Arrow."""

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.batches import LAYOUTS, TIME, BatchKind, Terms
from events.codecs.arrow import encode_batch, schema_of
from events.codecs.row import decode_row
from events.errors import Corrupt
from tests.support.batches import EURUSD, START_NS, TERMS, batches_of, quotes

KINDS = pytest.mark.parametrize("kind", list(BatchKind))


def by_arrow(batch: pa.RecordBatch, row: int) -> dict[str, object]:
    return {
        field.name: column[row].value if field.type == TIME else column[row].as_py()
        for field, column in zip(batch.schema, batch.columns, strict=True)
    }


@KINDS
@given(data=st.data())
def test_every_row_of_any_batch_is_read_as_arrow_reads_it(
    kind: BatchKind, data: st.DataObject
) -> None:
    batch, terms = data.draw(batches_of(kind)), data.draw(TERMS)
    body = encode_batch(kind, terms, batch)
    for row in range(batch.num_rows):
        read = decode_row("source", 17, body, 17 + row)
        assert read.cells == by_arrow(batch, row)
        assert (read.source, read.seq, read.batch_kind, read.terms) == (
            "source",
            17 + row,
            kind,
            terms,
        )


@KINDS
@given(data=st.data())
def test_rows_of_a_part_of_a_batch_are_those_of_the_part(
    kind: BatchKind, data: st.DataObject
) -> None:
    batch = data.draw(batches_of(kind))
    start = data.draw(st.integers(0, batch.num_rows - 1))
    part = batch.slice(start)
    body = encode_batch(kind, Terms(), part)
    for row in range(part.num_rows):
        assert decode_row("source", 0, body, row).cells == by_arrow(part, row)


@given(ids=st.lists(st.none() | st.text(), min_size=1, max_size=40))
def test_a_trade_without_an_id_has_none(ids: list[str | None]) -> None:
    whole = dict.fromkeys(("price", "size", "aggressor"), [1] * len(ids))
    times = dict.fromkeys(("ts_event", "ts_init"), [START_NS] * len(ids))
    batch = pa.RecordBatch.from_pydict(
        {**times, **whole, "trade_id": ids}, schema=LAYOUTS[BatchKind.TRADES]
    )
    body = encode_batch(BatchKind.TRADES, EURUSD, batch)
    assert [decode_row("s", 0, body, row).cells["trade_id"] for row in range(len(ids))] == ids


@given(body=st.binary(max_size=200))
def test_any_other_bytes_are_corrupt(body: bytes) -> None:
    with pytest.raises(Corrupt, match="source:4: not a market batch"):
        decode_row("source", 4, body, 4)


@given(kept=st.integers(min_value=0, max_value=2_000))
def test_a_record_that_is_cut_off_gives_its_row_or_is_corrupt(kept: int) -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(0, 3))
    try:
        read = decode_row("source", 0, body[:kept], 2)
    except Corrupt:
        return
    assert read.cells == by_arrow(quotes(0, 3), 2)


@pytest.mark.parametrize("seq", [6, 10])
def test_a_row_that_the_record_does_not_hold_is_corrupt(seq: int) -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(7, 3))
    with pytest.raises(Corrupt, match="no row"):
        decode_row("source", 7, body, seq)


def test_a_compressed_batch_is_corrupt_as_nobody_here_writes_one() -> None:
    schema, sink = schema_of(BatchKind.QUOTES, EURUSD), pa.BufferOutputStream()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, schema, options=packed) as stream:
        stream.write_batch(quotes(0, 1_000).replace_schema_metadata(schema.metadata))
    with pytest.raises(Corrupt, match="compressed"):
        decode_row("source", 0, sink.getvalue().to_pybytes(), 0)


def test_reading_a_row_loads_no_arrow() -> None:
    program = (
        "import sys, events.codecs.row, events.backends.sqlite.market_rows\n"
        "print(sorted({'pyarrow', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
