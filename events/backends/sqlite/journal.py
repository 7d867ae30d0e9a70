"""A cell's journal in SQLite: one database file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal_reader import JournalReader
from events.backends.sqlite.journal_writer import SqliteJournalWriter
from events.journal import JournalRecord


class SqliteJournal:
    """The journal in the file ``path``; empty until somebody wrote it.

    It implements ``events.journal.Journal``.
    """

    def __init__(self, path: Path, durability: Durability = Durability.POWER_CUT) -> None:
        self._path: Final = path
        self._durability: Final = durability

    def open(self) -> SqliteJournalWriter:
        return SqliteJournalWriter(self._path, self._durability)

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        with closing(JournalReader(self._path)) as reader:
            yield from reader.read(from_seq)

    def tail(self, from_seq: int = 0) -> "SqliteJournalTail":
        return SqliteJournalTail(JournalReader(self._path), from_seq)

    def end(self) -> int:
        with closing(JournalReader(self._path)) as reader:
            return reader.end()


class SqliteJournalTail:
    """It implements ``events.journal.JournalTail``."""

    def __init__(self, reader: JournalReader, from_seq: int) -> None:
        self._reader: Final = reader
        self._next = from_seq

    def unread(self, *, asking: bool = True) -> Iterator[JournalRecord]:  # noqa: ARG002 - it is all here
        for record in self._reader.read(self._next):
            self._next = record.seq + 1
            yield record

    def close(self) -> None:
        self._reader.close()
