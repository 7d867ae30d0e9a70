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

# An IPC stream is messages of (0xFFFFFFFF, length, metadata, body); a schema has no body
# (arrow.apache.org/docs/format/Columnar.html, "Encapsulated message format").
_HEAD_BYTES: Final = 8
_END_OF_STREAM: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"


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


@lru_cache(maxsize=1024)
def _prefix_of(kind: BatchKind, terms: Terms) -> bytes:
    """The schema as the message that begins a stream."""
    prefix: bytes = schema_of(kind, terms).serialize().to_pybytes()
    return prefix


def encode_batch(kind: BatchKind, terms: Terms, batch: pa.RecordBatch) -> bytes:
    """The batch as a self-describing Arrow IPC stream.

    Raises:
        ValueError: it is empty or its columns are not the kind's.
    """
    if batch.num_rows == 0:
        raise ValueError("a market record holds at least one row")
    if not batch.schema.equals(LAYOUTS[kind]):
        raise ValueError(f"{kind} has the columns {LAYOUTS[kind].names}, not {batch.schema.names}")
    return b"".join((_prefix_of(kind, terms), batch.serialize(), _END_OF_STREAM))


def decode_batch(source: str, first: int, body: bytes) -> MarketRecord:
    """The record behind ``encode_batch``; the arrays look into ``body`` without a copy.

    Raises:
        Corrupt: the bytes are no market batch.
    """
    start = _HEAD_BYTES + int.from_bytes(body[4:_HEAD_BYTES], "little")
    try:
        kind, terms = _described(body[:start])
        batch = pa.ipc.read_record_batch(pa.py_buffer(body)[start:], LAYOUTS[kind])
        batch.validate()
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        raise Corrupt(f"{source}:{first}: not a market batch: {error}") from error
    return MarketRecord(source=source, first=first, kind=kind, terms=terms, batch=batch)


@lru_cache(maxsize=1024)
def _described(prefix: bytes) -> tuple[BatchKind, Terms]:
    """Kind and terms out of a stream's first message; a log repeats very few of them."""
    schema = pa.ipc.read_schema(pa.py_buffer(prefix))
    metadata = schema.metadata or {}
    kind = BatchKind(metadata[_KIND].decode())
    if not schema.equals(LAYOUTS[kind]):
        raise ValueError(f"{kind} with the columns {schema.names}")
    return kind, Terms(
        instrument=metadata[_INSTRUMENT].decode(),
        price_precision=int(metadata[_PRICE]),
        size_precision=int(metadata[_SIZE]),
        interval=metadata[_INTERVAL].decode(),
    )
