"""The port: what the rest of the program may ask of ClickHouse, wherever it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, Self

import pyarrow as pa

type Value = str | int | float | bool | Decimal | list[Value] | dict[str, Value] | None
"""One cell of an answer. Decimals are exact; times are text, in UTC and to the nanosecond."""

type Parameters = Mapping[str, str | int | float]
"""Values for the ``{name:Type}`` places of a query; ClickHouse binds them, quoting is not ours."""


class Form(StrEnum):
    """The two forms of an answer, by ClickHouse's names: JSON for rows, Arrow for columns."""

    ROWS = "JSONCompact"
    COLUMNS = "ArrowStream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query gave: names and ClickHouse types of the columns, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one query may take before an error stops it; an answer is never cut in silence."""

    rows_max: int = 1_000_000
    seconds_max: int = 60
    memory_bytes_max: int = 4 * 1024**3


class Queries(Protocol):
    """Asking. What cannot be answered raises ``QueryFailed`` with ClickHouse's own message."""

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """An answer undecoded, to be passed on."""
        ...

    def query(self, sql: str, parameters: Parameters | None = None) -> Answer:
        """Rows, for people and reports."""
        ...

    def query_arrow(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Columns, for many rows."""
        ...

    def close(self) -> None:
        """Let go of the connection; closing twice is allowed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Store(Queries, Protocol):
    """Writing, by the one owner. Nothing is buffered: a call that returned is kept through kill -9.

    A failed ``insert`` may have left a part of its rows: whoever inserts must be able to repeat it.
    """

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows, such as DDL."""
        ...

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows; Arrow columns go to the columns of the same name."""
        ...

    def reader(self, limits: Limits | None = None) -> Queries:
        """A connection for questions of strangers, used by one thread at a time.

        Whatever does more than read this store raises ``QueryRefused``.
        """
        ...
