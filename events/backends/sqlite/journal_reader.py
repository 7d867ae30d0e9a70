"""Reading a journal."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

from events.backends.sqlite.database import connect_reader
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.journal_file import LAYOUT
from events.errors import Corrupt
from events.journal import JournalRecord

_STEPS_A_QUERY: Final = 1024
"""No query stays open while its reader is busy, because that keeps the WAL growing."""


class JournalReader:
    """A connection that sees the committed steps; it connects when there is a file."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._connection: sqlite3.Connection | None = None

    def end(self) -> int:
        """Number of steps."""
        connection = self._connect()
        if connection is None:
            return 0
        with typed_errors(self._path):
            row: tuple[int] = connection.execute(
                "SELECT coalesce(max(seq) + 1, 0) FROM steps"
            ).fetchone()
        return row[0]

    def read(self, from_seq: int) -> Iterator[JournalRecord]:
        """Steps from ``from_seq`` to the end as it is now, none missing."""
        position, end = from_seq, self.end()
        while position < end:
            for seq, crc, body in self._page(position, end):
                if seq != position:
                    raise Corrupt(f"{self._path}: step {position} is missing")
                if crc32(body) != crc:
                    raise Corrupt(f"{self._path}: step {seq}: checksum differs")
                yield JournalRecord(seq, body)
                position += 1

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()

    def _page(self, position: int, end: int) -> list[tuple[int, int, bytes]]:
        connection = self._connect()
        assert connection is not None, "a journal that has an end has a file"
        query = f"""
            SELECT seq, crc, body FROM steps WHERE seq >= ? AND seq < ?
            ORDER BY seq LIMIT {_STEPS_A_QUERY}
        """
        with typed_errors(self._path):
            return connection.execute(query, (position, end)).fetchall()

    def _connect(self) -> sqlite3.Connection | None:
        if self._connection is None and self._path.exists():
            self._connection = connect_reader(self._path, LAYOUT)
        return self._connection
