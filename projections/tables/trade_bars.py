"""Bars of trades as they were recorded in files."""

from typing import Final

from events.batches import BatchKind
from projections.tables.tick_table import tick_table

TRADE_BARS: Final = tick_table(
    "trade_bars",
    BatchKind.TRADE_BARS,
    prices=("open", "high", "low", "close"),
    sizes=("volume",),
)
"""``ts_event`` is the bar's close."""
