"""A cell's journal in SQLite: one database file."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal_reader import JournalReader
from events.backends.sqlite.journal_writer import SqliteJournalWriter
from events.following import follow
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

    def follow(self, from_seq: int = 0, *, until: Callable[[], bool]) -> Iterator[JournalRecord]:
        position = from_seq
        with closing(JournalReader(self._path)) as reader:

            def unread() -> Iterator[JournalRecord]:
                nonlocal position
                for record in reader.read(position):
                    position = record.seq + 1
                    yield record

            yield from follow(unread, until)

    def end(self) -> int:
        with closing(JournalReader(self._path)) as reader:
            return reader.end()
