"""One connection through clickhouse-connect, embedded or over the network alike."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol, Self, cast

import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from projections.store.answers import FORM_SETTINGS, Form, columns_of, rows_of
from projections.store.errors import QueryFailed
from projections.store.port import Answer, Limits, Parameters
from projections.store.reading import check_reads

type Settings = Mapping[str, str | int]


class Connect(Protocol):
    """Opens a client whose every statement runs under the given settings."""

    def __call__(self, *, settings: dict[str, str | int]) -> Client: ...


class Asked:
    """Decodes answers for anything that can fetch them as bytes."""

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """The body of an answer, in the form asked for."""
        raise NotImplementedError

    def query(self, sql: str, parameters: Parameters | None = None) -> Answer:
        """Rows, for people and reports."""
        return rows_of(self.fetch(sql, parameters, Form.ROWS))

    def query_arrow(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Columns, for many rows."""
        return columns_of(self.fetch(sql, parameters, Form.COLUMNS))

    def close(self) -> None:
        """Let go of the connection; closing twice is allowed."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Connection(Asked):
    """A connection that may do everything."""

    def __init__(self, connect: Connect, settings: Settings | None = None) -> None:
        with translated():
            self._client: Final = connect(settings={**FORM_SETTINGS, **(settings or {})})

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """The body of an answer, in the form asked for."""
        with translated():
            return self._client.raw_query(sql, dict(parameters or {}), fmt=form)

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        with translated():
            self._client.command(statement)

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows by column name."""
        with translated():
            self._client.insert_arrow(table, rows)

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()


class Reader(Asked):
    """A connection that only reads, within limits."""

    def __init__(self, connect: Connect, limits: Limits) -> None:
        self._connection: Final = Connection(connect, _reading(limits))

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """The body of an answer; raises ``QueryRefused`` when there is more to it than reading."""
        canonical = self._canonical(sql)
        check_reads(canonical)
        return self._connection.fetch(canonical, parameters, form)

    def _canonical(self, sql: str) -> str:
        # ClickHouse's own parser: it refuses several statements, and takes comments out.
        answer = self._connection.query("SELECT formatQuerySingleLine({sql:String})", {"sql": sql})
        return cast(str, answer.rows[0][0])

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _reading(limits: Limits) -> Settings:
    # ``readonly`` comes last: from then on a session may change no setting, this one included.
    return {
        "max_result_rows": limits.rows_max,
        "result_overflow_mode": "throw",
        "max_execution_time": limits.seconds_max,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": limits.memory_bytes_max,
        "readonly": 1,
    }


@contextmanager
def translated() -> Iterator[None]:
    """Raise ClickHouse's errors as ours, without the query that ClickHouse repeats in them."""
    try:
        yield
    except ClickHouseError as error:
        message = str(error).partition(": In scope ")[0]
        raise QueryFailed(f"ClickHouse: {message}") from error
