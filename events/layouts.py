"""What the rows of a market batch are: kinds, columns and shared terms, without Arrow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BatchKind(StrEnum):
    """What the rows of a batch are."""

    QUOTES = "market.quotes"
    TRADES = "market.trades"
    QUOTE_BARS = "market.quote_bars"
    TRADE_BARS = "market.trade_bars"
    FACTS = "market.facts"


class ColumnType(StrEnum):
    """What a column holds.

    A mantissa is a price or size in units of ``10**-precision``; the batch's terms have the
    precision.
    """

    TIME = "time"
    MANTISSA = "mantissa"
    INT8 = "int8"
    INT16 = "int16"
    TEXT = "text"


type Columns = dict[str, ColumnType]
"""A batch's columns in their order."""


def _columns(*mantissas: str) -> Columns:
    times = dict.fromkeys(("ts_event", "ts_init"), ColumnType.TIME)
    return {**times, **dict.fromkeys(mantissas, ColumnType.MANTISSA)}


COLUMNS: Final[dict[BatchKind, Columns]] = {
    BatchKind.QUOTES: _columns("bid", "ask", "bid_size", "ask_size"),
    BatchKind.TRADES: {
        **_columns("price", "size"),
        "aggressor": ColumnType.INT8,
        "trade_id": ColumnType.TEXT,
    },
    BatchKind.QUOTE_BARS: _columns(
        *("bid_open", "bid_high", "bid_low", "bid_close", "bid_size"),
        *("ask_open", "ask_high", "ask_low", "ask_close", "ask_size"),
    ),
    BatchKind.TRADE_BARS: _columns("open", "high", "low", "close", "volume"),
    BatchKind.FACTS: {
        **_columns(),
        "kind": ColumnType.TEXT,
        "version": ColumnType.INT16,
        "payload": ColumnType.TEXT,
    },
}
"""Columns by kind. ``ts_event`` is when it happened (a bar: when it closed), ``ts_init`` when we
learned of it (files: the same). ``aggressor`` is 1 for buy, -1 for sell, 0 for unknown. Facts are
single events of the kinds ``market.instrument``, ``market.gap`` and ``market.refused``, their
payload as JSON."""


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
