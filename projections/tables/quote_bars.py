"""Bars of bid and ask as they were recorded in files."""

from typing import Final

from events.batches import BatchKind
from projections.tables.tick_table import tick_table

QUOTE_BARS: Final = tick_table(
    "quote_bars",
    BatchKind.QUOTE_BARS,
    prices=(
        *("bid_open", "bid_high", "bid_low", "bid_close"),
        *("ask_open", "ask_high", "ask_low", "ask_close"),
    ),
    sizes=("bid_size", "ask_size"),
)
"""``ts_event`` is the bar's close."""
