"""One row out of a stored market batch, without loading Arrow.

Whoever asks why waits for one tick, and importing pyarrow with NumPy takes longer than all the rest
of the answer. So this reads what ``events.codecs.arrow`` writes and no other Arrow: two messages,
not compressed, of the columns in ``events.layouts``
(arrow.apache.org/docs/format/Columnar.html, "Serialization and Interprocess Communication").
"""

import struct
from collections.abc import Iterator
from typing import Final

from events.codecs.flatbuffer import Table
from events.errors import Corrupt
from events.layouts import COLUMNS, BatchKind, ColumnType, Terms
from events.rows import Cell, Row

_HEAD_BYTES: Final = 8
_FORMATS: Final = {
    ColumnType.TIME: struct.Struct("<q"),
    ColumnType.MANTISSA: struct.Struct("<q"),
    ColumnType.INT8: struct.Struct("<b"),
    ColumnType.INT16: struct.Struct("<h"),
}
_OFFSETS: Final = struct.Struct("<ii")

# Numbers of the fields in Arrow's Message.fbs and Schema.fbs.
_HEADER: Final = 2
_SCHEMA_METADATA: Final = 2
_BATCH_ROWS: Final = 0
_BATCH_BUFFERS: Final = 2
_BATCH_COMPRESSION: Final = 3


def decode_row(source: str, first: int, body: bytes, seq: int) -> Row:
    """Row ``seq`` of the stored record whose first row is ``first``.

    Raises:
        Corrupt: the bytes are no market batch, or one that does not hold the row.
    """
    try:
        schema, batch_at = _message(body, 0)
        kind, terms = _described(schema)
        batch, body_at = _message(body, batch_at)
        cells = dict(_cells(COLUMNS[kind], batch, body[body_at:], seq - first))
    except (struct.error, KeyError, ValueError, IndexError) as error:
        raise Corrupt(f"{source}:{first}: not a market batch: {error}") from error
    return Row(source=source, seq=seq, batch_kind=kind, terms=terms, cells=cells)


def _message(body: bytes, start: int) -> tuple[Table, int]:
    """The header of the message at ``start``, and where its metadata ends."""
    end = start + _HEAD_BYTES + int.from_bytes(body[start + 4 : start + _HEAD_BYTES], "little")
    message = Table.root(body[start + _HEAD_BYTES : end])
    return message.table(_HEADER), end


def _described(schema: Table) -> tuple[BatchKind, Terms]:
    stored = {pair.text(0): pair.text(1) for pair in schema.tables(_SCHEMA_METADATA)}
    terms = Terms(
        instrument=stored["wakeline.instrument"],
        price_precision=int(stored["wakeline.price_precision"]),
        size_precision=int(stored["wakeline.size_precision"]),
        interval=stored["wakeline.interval"],
    )
    return BatchKind(stored["wakeline.kind"]), terms


def _cells(
    columns: dict[str, ColumnType], batch: Table, content: bytes, row: int
) -> Iterator[tuple[str, Cell]]:
    """A column is a bitmap of what is there, empty if all is, and its values; text has offsets."""
    if batch.has(_BATCH_COMPRESSION):
        raise ValueError("compressed")
    if not 0 <= row < batch.int64(_BATCH_ROWS):
        raise IndexError(f"no row {row}")
    buffers = iter(batch.pairs(_BATCH_BUFFERS))
    for name, holds in columns.items():
        bitmap, bits = next(buffers)
        values, _ = next(buffers)
        text, _ = next(buffers) if holds is ColumnType.TEXT else (0, 0)
        if bits and not content[bitmap + row // 8] >> row % 8 & 1:
            yield name, None
        elif holds is ColumnType.TEXT:
            begin, end = _OFFSETS.unpack_from(content, values + 4 * row)
            yield name, content[text + begin : text + end].decode()
        else:
            form = _FORMATS[holds]
            (value,) = form.unpack_from(content, values + form.size * row)
            yield name, value
