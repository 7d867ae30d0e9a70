"""Market records: Arrow batches of one instrument, whose rows are numbered without gaps."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from events.layouts import COLUMNS, BatchKind, ColumnType, Terms

__all__ = ["LAYOUTS", "MANTISSA", "TIME", "BatchKind", "MarketRecord", "Terms"]

TIME: Final = pa.timestamp("ns", tz="UTC")
MANTISSA: Final = pa.int64()
"""Prices and sizes are integers in units of ``10**-precision``; the schema's metadata holds the
precision."""

_TYPES: Final = {
    ColumnType.TIME: TIME,
    ColumnType.MANTISSA: MANTISSA,
    ColumnType.INT8: pa.int8(),
    ColumnType.INT16: pa.int16(),
    ColumnType.TEXT: pa.string(),
}

LAYOUTS: Final[dict[BatchKind, pa.Schema]] = {
    kind: pa.schema([(name, _TYPES[holds]) for name, holds in columns.items()])
    for kind, columns in COLUMNS.items()
}
"""``COLUMNS`` as Arrow schemas."""


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
