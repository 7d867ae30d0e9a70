"""Market records: Arrow batches of one instrument, whose rows are numbered without gaps."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa

TIME: Final = pa.timestamp("ns", tz="UTC")
MANTISSA: Final = pa.int64()
"""Prices and sizes are integers in units of ``10**-precision``; the schema's metadata holds the
precision."""


class BatchKind(StrEnum):
    """What the rows of a batch are."""

    QUOTES = "market.quotes"
    TRADES = "market.trades"
    QUOTE_BARS = "market.quote_bars"
    TRADE_BARS = "market.trade_bars"
    FACTS = "market.facts"


def _columns(*mantissas: str) -> list[tuple[str, pa.DataType]]:
    return [("ts_event", TIME), ("ts_init", TIME), *((name, MANTISSA) for name in mantissas)]


LAYOUTS: Final[dict[BatchKind, pa.Schema]] = {
    BatchKind.QUOTES: pa.schema(_columns("bid", "ask", "bid_size", "ask_size")),
    BatchKind.TRADES: pa.schema(
        [*_columns("price", "size"), ("aggressor", pa.int8()), ("trade_id", pa.string())]
    ),
    BatchKind.QUOTE_BARS: pa.schema(
        _columns(
            *("bid_open", "bid_high", "bid_low", "bid_close", "bid_size"),
            *("ask_open", "ask_high", "ask_low", "ask_close", "ask_size"),
        )
    ),
    BatchKind.TRADE_BARS: pa.schema(_columns("open", "high", "low", "close", "volume")),
    BatchKind.FACTS: pa.schema(
        [
            ("ts_event", TIME),
            ("ts_init", TIME),
            ("kind", pa.string()),
            ("version", pa.int16()),
            ("payload", pa.string()),
        ]
    ),
}
"""Columns by kind. ``ts_event`` is when it happened (a bar: when it closed), ``ts_init`` when we
learned of it
(files: the same). ``aggressor`` is 1 for buy, -1 for sell, 0 for unknown. Facts are single events
of the kinds
``market.instrument``, ``market.gap`` and ``market.refused``, their payload as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What every row of a batch shares.

    Attributes:
        instrument: ``SYMBOL.VENUE``; empty for facts.
        price_precision, size_precision: decimal places behind the mantissas.
        interval: of bars, such as ``1m``; empty otherwise.
    """

    instrument: str = ""
    price_precision: int = 0
    size_precision: int = 0
    interval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRecord:
    """Consecutive rows of one source: ``first .. first + rows - 1``.

    ``batch`` has the layout of its kind; ``terms`` say how to read it.
    """

    source: str
    first: int
    kind: BatchKind
    terms: Terms
    batch: pa.RecordBatch

    @property
    def rows(self) -> int:
        """How many rows the record holds; at least one."""
        return int(self.batch.num_rows)

    @property
    def last(self) -> int:
        """Sequence number of the last row."""
        return self.first + self.rows - 1
