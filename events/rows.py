"""One row of a market record in words: what a person or a program is shown of a tick."""

from typing import Final

import msgspec
import pyarrow as pa

from events.batches import MANTISSA, BatchKind, MarketRecord
from schemas.identity import tick_id
from schemas.quantities import Nanoseconds, from_mantissa

_KINDS: Final = {
    BatchKind.QUOTES: "market.quote",
    BatchKind.TRADES: "market.trade",
    BatchKind.QUOTE_BARS: "market.quote_bar",
    BatchKind.TRADE_BARS: "market.trade_bar",
}
_SIZES: Final = frozenset({"bid_size", "ask_size", "size", "volume"})
_AGGRESSORS: Final = {1: "buy", -1: "sell", 0: "none"}


def row_id(record: MarketRecord, row: int) -> str:
    """The row's name for ever: ``source:seq``."""
    return tick_id(record.source, record.first + row)


def row_time(record: MarketRecord, row: int) -> Nanoseconds:
    """When it happened."""
    return int(record.batch.column("ts_event")[row].value)


def row_kind(record: MarketRecord, row: int) -> str:
    """Its wire name; a fact carries its own."""
    if record.kind is BatchKind.FACTS:
        return str(record.batch.column("kind")[row].as_py())
    return _KINDS[record.kind]


def row_values(record: MarketRecord, row: int) -> dict[str, object]:
    """What it says: prices and sizes as exact decimals, a fact's payload as it was recorded."""
    batch = record.batch
    if record.kind is BatchKind.FACTS:
        fact = msgspec.json.decode(batch.column("payload")[row].as_py(), type=dict[str, object])
        return dict(fact)
    values: dict[str, object] = {"instrument": record.terms.instrument}
    if record.terms.interval:
        values["interval"] = record.terms.interval
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not pa.types.is_timestamp(field.type):
            values[field.name] = _value(record, field, column[row].as_py())
    return values


def _value(record: MarketRecord, field: pa.Field, stored: int | str | None) -> object:
    if not isinstance(stored, int):
        return stored
    if field.type != MANTISSA:
        return _AGGRESSORS[stored]
    terms = record.terms
    return from_mantissa(
        stored, terms.size_precision if field.name in _SIZES else terms.price_precision
    )
