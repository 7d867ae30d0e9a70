"""One connection through clickhouse-connect, embedded or over the network alike."""

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from projections.store.answers import FORM_SETTINGS
from projections.store.asked import Asked
from projections.store.errors import QueryFailed
from projections.store.port import Form, Parameters

type Settings = Mapping[str, str | int]

# Rows inserted twice meet in a later merge, and in every FINAL before it; looking for them within
# each insert as well would cost a third of its time. A run leaves the projector one core, and small
# inserts on one thread take a fifth less.
WRITING: Final[Settings] = {"optimize_on_insert": 0, "max_threads": 1}

# ClickHouse repeats the query, which may be as long as a view.
_REPEATED_QUERY: Final = re.compile(r"[.:] In scope .*?(?= \([A-Z_]+\)$|$)", re.DOTALL)


class Connect(Protocol):
    """Opens a client whose every statement runs under the given settings, in their order."""

    def __call__(self, *, settings: dict[str, str | int]) -> Client: ...


class Connection(Asked):
    """A connection that may do what its settings allow."""

    def __init__(self, connect: Connect, settings: Settings) -> None:
        self._connect: Final = connect
        self._settings: Final = {**FORM_SETTINGS, **settings}
        self._client = self._opened()

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """An answer undecoded, to be passed on."""
        return self._done(lambda client: client.raw_query(sql, dict(parameters or {}), fmt=form))

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        self._done(lambda client: client.command(statement))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows by column name."""
        self._done(lambda client: client.insert_arrow(table, rows))

    def close(self) -> None:
        """Let go of the client."""
        self._client.close()

    def _done[T](self, request: Callable[[Client], T]) -> T:
        try:
            return request(self._client)
        except ClickHouseError as error:
            # What an embedded query had written before it failed stands before the next answer on
            # the same handle. The new handle comes first: the engine ends with its last one.
            failed, self._client = self._client, self._opened()
            failed.close()
            raise QueryFailed(_said(error)) from error

    def _opened(self) -> Client:
        try:
            return self._connect(settings=dict(self._settings))
        except ClickHouseError as error:
            raise QueryFailed(_said(error)) from error


def _said(error: ClickHouseError) -> str:
    return f"ClickHouse: {_REPEATED_QUERY.sub('', str(error))}"
