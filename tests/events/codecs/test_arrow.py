import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.batches import LAYOUTS, BatchKind, Terms
from events.codecs.arrow import decode_batch, encode_batch, schema_of
from events.errors import Corrupt
from tests.support.batches import EURUSD, TERMS, batches_of, quotes

KINDS = pytest.mark.parametrize("kind", list(BatchKind))


@KINDS
@given(data=st.data())
def test_a_batch_of_any_kind_comes_back_with_its_terms(
    kind: BatchKind, data: st.DataObject
) -> None:
    batch, terms = data.draw(batches_of(kind)), data.draw(TERMS)

    record = decode_batch("source", 17, encode_batch(kind, terms, batch))

    assert record.batch.equals(batch, check_metadata=True)
    assert (record.kind, record.terms) == (kind, terms)
    assert (record.source, record.first, record.rows) == ("source", 17, batch.num_rows)
    assert record.last == 17 + batch.num_rows - 1


@KINDS
@given(data=st.data())
def test_a_part_of_a_batch_is_stored_without_the_rest(kind: BatchKind, data: st.DataObject) -> None:
    batch = data.draw(batches_of(kind))
    start = data.draw(st.integers(0, batch.num_rows - 1))
    part = batch.slice(start, data.draw(st.integers(1, batch.num_rows - start)))

    body = encode_batch(kind, Terms(), part)

    assert decode_batch("source", 0, body).batch.equals(part)
    assert len(body) <= len(encode_batch(kind, Terms(), batch))


def test_any_arrow_reader_can_read_what_is_stored() -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(0, 3))

    table = pa.ipc.open_stream(body).read_all()

    assert table.column("bid").to_pylist() == [0, 1, 2]
    assert table.schema.equals(schema_of(BatchKind.QUOTES, EURUSD), check_metadata=True)
    assert table.schema.metadata == {
        b"wakeline.kind": b"market.quotes",
        b"wakeline.instrument": b"EUR/USD.FXCM",
        b"wakeline.price_precision": b"5",
        b"wakeline.size_precision": b"0",
        b"wakeline.interval": b"",
    }


def test_decoding_copies_no_column() -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(0, 1000))
    before = pa.total_allocated_bytes()

    record = decode_batch("source", 0, body)

    assert pa.total_allocated_bytes() - before < 8 * record.rows


def test_refuses_a_batch_without_rows() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        encode_batch(BatchKind.QUOTES, EURUSD, quotes(0, 1).slice(1))


def test_refuses_the_columns_of_another_kind() -> None:
    with pytest.raises(ValueError, match=r"market\.trades has the columns \['ts_event'.*'bid'"):
        encode_batch(BatchKind.TRADES, EURUSD, quotes(0, 1))


def test_refuses_a_column_of_another_type() -> None:
    batch = quotes(0, 1)
    floats = batch.set_column(2, "bid", pa.array([1.5]))
    with pytest.raises(ValueError, match=r"market\.quotes"):
        encode_batch(BatchKind.QUOTES, EURUSD, floats)


def test_columns_of_other_names_are_corrupt_although_their_types_fit() -> None:
    batch = quotes(0, 3)
    names = ["ts_event", "ts_init", "open", "close", "bid_size", "ask_size"]
    metadata = schema_of(BatchKind.QUOTES, EURUSD).metadata
    renamed = batch.rename_columns(names).replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, renamed.schema) as stream:
        stream.write_batch(renamed)

    with pytest.raises(Corrupt, match=r"market\.quotes with the columns .*'open'"):
        decode_batch("fxcm", 17, sink.getvalue().to_pybytes())


def test_a_text_that_claims_to_go_on_behind_the_end_is_corrupt() -> None:
    text = "x" * 77
    layout = LAYOUTS[BatchKind.FACTS]
    values = [[0], [0], ["market.gap"], [1], [text]]
    arrays = [pa.array(value, field.type) for value, field in zip(values, layout, strict=True)]
    body = encode_batch(BatchKind.FACTS, Terms(), pa.RecordBatch.from_arrays(arrays, schema=layout))
    before, offset, after = body.rpartition(len(text).to_bytes(4, "little"))
    assert offset

    with pytest.raises(Corrupt, match="fxcm:17: not a market batch"):
        decode_batch("fxcm", 17, before + b"\xff\xff\xff\x7f" + after)


def test_bytes_that_are_no_market_batch_are_corrupt_and_the_place_is_named() -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(0, 3))
    foreign = pa.BufferOutputStream()
    with pa.ipc.new_stream(foreign, LAYOUTS[BatchKind.QUOTES]) as stream:
        stream.write_batch(quotes(0, 3))
    for damaged in (
        b"",
        b"not arrow at all",
        body[:4],
        body[:200],
        body[: len(body) // 2],
        body.replace(b"market.quotes", b"market.quoted"),
        body.replace(b"market.quotes", b"market.trades"),
        foreign.getvalue().to_pybytes(),
    ):
        with pytest.raises(Corrupt, match="fxcm:17: not a market batch"):
            decode_batch("fxcm", 17, damaged)
