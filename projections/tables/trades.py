"""Every trade tick of every source."""

from typing import Final

import pyarrow as pa

from events.batches import BatchKind
from projections.tables.column import Column, text
from projections.tables.tick_table import tick_table

TRADES: Final = tick_table(
    "trades",
    BatchKind.TRADES,
    prices=("price",),
    sizes=("size",),
    others=(Column("aggressor", "Int8", pa.int8()), text("trade_id")),
)
"""``aggressor`` is 1 for a buyer, -1 for a seller, 0 for unknown."""
