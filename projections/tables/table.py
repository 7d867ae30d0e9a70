"""A table on disk, and the view that people read.

After a crash the same row may be inserted twice. ``ReplacingMergeTree`` makes one of two rows with
the same key when it merges parts, and ``FINAL`` does so while reading: hence nobody reads a stored
table without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from projections.tables.column import Column, fitting

STORED: Final = "stored_"
"""Prefix of the tables behind the views."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table and its view; each is equal to itself alone.

    Attributes:
        name: of the view; the stored table has ``stored_`` before it.
        columns: in the order of the rows' values.
        key: columns that name a row for ever.
        shown: the view's columns as SQL expressions; all columns when empty.
        indexes: skipping indexes, for reads that are not by key.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    shown: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    schema: pa.Schema = field(init=False, repr=False)

    def __post_init__(self) -> None:
        schema = pa.schema([(column.name, column.arrow) for column in self.columns])
        object.__setattr__(self, "schema", schema)

    @property
    def stored(self) -> str:
        """Name of the table on disk."""
        return f"{STORED}{self.name}"

    @property
    def ddl(self) -> str:
        """Makes the stored table."""
        columns = [f"`{column.name}` {column.type}" for column in self.columns]
        indexes = [f"INDEX {index}" for index in self.indexes]
        return (
            f"CREATE TABLE IF NOT EXISTS {self.stored} ({', '.join(columns + indexes)})"
            f" ENGINE = ReplacingMergeTree ORDER BY ({', '.join(self.key)})"
        )

    @property
    def view(self) -> str:
        """Makes the view, which never shows a row twice."""
        shown = ", ".join(self.shown or [f"`{column.name}`" for column in self.columns])
        return f"CREATE OR REPLACE VIEW {self.name} AS SELECT {shown} FROM {self.stored} AS t FINAL"

    def arrow(self, rows: Iterable[Sequence[object]]) -> pa.Table:
        """Rows as the Arrow table that is inserted; at least one row.

        Raises:
            ValueError: a row has not as many values as there are columns.
        """
        values = zip(*rows, strict=True)
        arrays = [
            _array(column, kind.type) for kind, column in zip(self.schema, values, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, type=kind)
    except pa.ArrowInvalid:
        if not pa.types.is_decimal(kind):
            raise
        return pa.array([v if v is None else fitting(v) for v in values], type=kind)
