"""Every top-of-book tick of every source."""

from typing import Final

from events.batches import BatchKind
from projections.tables.tick_table import tick_table

QUOTES: Final = tick_table(
    "quotes", BatchKind.QUOTES, prices=("bid", "ask"), sizes=("bid_size", "ask_size")
)
"""A row a tick, named ``source:seq`` for ever."""
