"""Group commit: rows gather in memory and in one transaction, and become durable together."""

from pathlib import Path
from typing import Any, Final

from events.backends.sqlite.database import Durability, Layout, connect_writer, create
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.lock import WriterLock
from events.errors import Closed, LogError

type Value = int | str | bytes | None
type Row = tuple[Value, ...]
type Statement = tuple[str, Row]

_SPILL_BYTES: Final = 1 << 20
"""Rows are handed to SQLite's open transaction at this size, so that memory stays bounded."""


class GroupCommit:
    """The one connection that writes a database, and the lock that makes it the one.

    After any error it refuses all further work, so that what it had taken since the last commit
    is never committed; only opening again says where the log ends.

    Raises:
        InUse: another process, or another writer in this one, holds the lock.
        Corrupt: the file is none of ours.
    """

    def __init__(self, path: Path, layout: Layout, durability: Durability, insert: str) -> None:
        self.path: Final = path
        self._insert: Final = insert
        self._rows: list[Row] = []
        self._bytes = 0
        self._failure: LogError | None = None
        with typed_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock: Final = WriterLock(path)
        try:
            create(path, layout)
            self._connection: Final = connect_writer(path, layout, durability)
        except BaseException:
            self._lock.release()
            raise

    def check(self) -> None:
        """Raise what ended this writer, if anything did."""
        if self._failure is not None:
            raise self._failure

    def add(self, row: Row, size: int) -> None:
        """Take a row of about ``size`` bytes; it is durable after ``commit``."""
        self.check()
        self._rows.append(row)
        self._bytes += size
        if self._bytes >= _SPILL_BYTES:
            self._write()

    def commit(self, *updates: Statement) -> None:
        """Make all rows durable, together with what ``updates`` change."""
        self.check()
        if self._rows or updates or self._connection.in_transaction:
            self._write(*updates, ("COMMIT", ()))

    def one(self, query: str) -> tuple[Any, ...] | None:
        """The first row of a query, which sees committed rows and what was spilled."""
        with typed_errors(self.path):
            row: tuple[Any, ...] | None = self._connection.execute(query).fetchone()
        return row

    def close(self) -> None:
        """Drop what is not committed, and let the next writer in."""
        if isinstance(self._failure, Closed):
            return
        self._failure = Closed(f"{self.path}: this writer is closed")
        try:
            self._connection.close()
        finally:
            self._lock.release()

    @property
    def failed(self) -> bool:
        """Whether an error or ``close`` ended this writer."""
        return self._failure is not None

    def _write(self, *statements: Statement) -> None:
        try:
            with typed_errors(self.path):
                if not self._connection.in_transaction:
                    self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(self._insert, self._rows)
                for statement, values in statements:
                    self._connection.execute(statement, values)
        except BaseException as error:
            self._failure = (
                error if isinstance(error, LogError) else LogError(f"{self.path}: interrupted")
            )
            raise
        self._rows.clear()
        self._bytes = 0
