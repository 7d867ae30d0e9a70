"""ClickHouse's answers as they travel: JSON for rows, Arrow for columns."""

from decimal import Decimal
from typing import Final, cast

import msgspec
import pyarrow as pa

from projections.store.port import Answer, Value

FORM_SETTINGS: Final[dict[str, str | int]] = {
    "output_format_json_quote_decimals": 1,
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_named_tuples_as_objects": 0,
    "session_timezone": "UTC",
}
"""What the decoders rely on: decimals as strings keep every digit, integers are plain numbers."""


class _Column(msgspec.Struct):
    name: str
    type: str


class _Rows(msgspec.Struct):
    meta: list[_Column]
    data: list[list[msgspec.Raw]]


_decode_rows: Final = msgspec.json.Decoder(_Rows).decode
_decode_value: Final = msgspec.json.Decoder().decode
_decode_decimal: Final = msgspec.json.Decoder(Decimal | None).decode


def rows_of(body: bytes) -> Answer:
    """The answer behind a ``JSONCompact`` body; empty where the statement gives no rows."""
    if not body.strip():
        return Answer(columns=(), types=(), rows=())
    answer = _decode_rows(body)
    decoders = [_decode_decimal if _is_decimal(c.type) else _decode_value for c in answer.meta]
    return Answer(
        columns=tuple(column.name for column in answer.meta),
        types=tuple(column.type for column in answer.meta),
        rows=tuple(
            tuple(cast(Value, decode(cell)) for decode, cell in zip(decoders, row, strict=True))
            for row in answer.data
        ),
    )


def columns_of(body: bytes) -> pa.Table:
    """The table behind an ``ArrowStream`` body."""
    if not body:
        return pa.table({})
    with pa.ipc.open_stream(pa.py_buffer(body)) as stream:
        return stream.read_all()


def _is_decimal(type_name: str) -> bool:
    return type_name.startswith(("Decimal(", "Nullable(Decimal("))
