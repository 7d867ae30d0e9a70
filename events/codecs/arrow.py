"""Market batches as Arrow IPC: one message a record, its terms in the schema's metadata."""

from functools import lru_cache
from typing import Final

import pyarrow as pa

from events.batches import LAYOUTS, BatchKind, MarketRecord, Terms
from events.errors import Corrupt

_KIND: Final = b"wakeline.kind"
_INSTRUMENT: Final = b"wakeline.instrument"
_PRICE: Final = b"wakeline.price_precision"
_SIZE: Final = b"wakeline.size_precision"
_INTERVAL: Final = b"wakeline.interval"


@lru_cache(maxsize=1024)
def schema_of(kind: BatchKind, terms: Terms) -> pa.Schema:
    """The Arrow schema that a batch of this kind and these terms is stored with."""
    return LAYOUTS[kind].with_metadata(
        {
            _KIND: kind.value.encode(),
            _INSTRUMENT: terms.instrument.encode(),
            _PRICE: str(terms.price_precision).encode(),
            _SIZE: str(terms.size_precision).encode(),
            _INTERVAL: terms.interval.encode(),
        }
    )


def encode_batch(kind: BatchKind, terms: Terms, batch: pa.RecordBatch) -> bytes:
    """The batch as a self-describing Arrow IPC stream.

    Raises:
        ValueError: it is empty or its columns are not the kind's.
    """
    if batch.num_rows == 0:
        raise ValueError("a market record holds at least one row")
    if not batch.schema.equals(LAYOUTS[kind]):
        raise ValueError(f"{kind} has the columns {LAYOUTS[kind].names}, not {batch.schema.names}")
    schema = schema_of(kind, terms)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
    return bytes(sink.getvalue().to_pybytes())


def decode_batch(source: str, first: int, body: bytes) -> MarketRecord:
    """The record behind ``encode_batch``; the arrays look into ``body`` without a copy.

    Raises:
        Corrupt: the bytes are no market batch.
    """
    try:
        with pa.ipc.open_stream(pa.py_buffer(body)) as stream:
            batch = stream.read_next_batch()
        metadata = batch.schema.metadata
        kind = BatchKind(metadata[_KIND].decode())
        terms = Terms(
            instrument=metadata[_INSTRUMENT].decode(),
            price_precision=int(metadata[_PRICE]),
            size_precision=int(metadata[_SIZE]),
            interval=metadata[_INTERVAL].decode(),
        )
    except (pa.ArrowException, KeyError, ValueError, TypeError, StopIteration) as error:
        raise Corrupt(f"{source}:{first}: not a market batch: {error}") from error
    return MarketRecord(
        source=source,
        first=first,
        kind=kind,
        terms=terms,
        batch=batch.replace_schema_metadata(None),
    )
