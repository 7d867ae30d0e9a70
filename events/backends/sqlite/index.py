"""A journal's index in SQLite, beside the journal or anywhere else."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from events.backends.sqlite.database import (
    Durability,
    Layout,
    connect_reader,
    connect_writer,
    create,
)
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.lock import WriterLock
from events.codecs.json import digest
from events.index import Role, names_in
from events.journal import Journal, JournalRecord

_LAYOUT: Final = Layout(
    name="journal index",
    application_id=b"WkIx",
    tables=(
        """
        CREATE TABLE names (
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            seq INTEGER NOT NULL,
            PRIMARY KEY (name, role, seq)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE covered (
            only INTEGER PRIMARY KEY CHECK (only = 0),
            end_seq INTEGER NOT NULL,
            last_digest TEXT NOT NULL
        )
        """,
        "INSERT INTO covered VALUES (0, 0, '')",
    ),
)
"""``covered`` says how many steps are in ``names`` and what the last of them hashes to."""

_AFTER_EVERY_NAME: Final = "\U0010ffff"


class SqliteJournalIndex:
    """An index file. It implements ``events.index.JournalIndex``."""

    def __init__(self, path: Path) -> None:
        self._path: Final = path

    def catch_up(self, journal: Journal) -> None:
        with typed_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        with WriterLock(self._path, wait=True):
            create(self._path, _LAYOUT)
            # Its content is in the journal, so a power cut may take the last of it.
            writer = connect_writer(self._path, _LAYOUT, Durability.PROCESS_CRASH)
            with closing(writer), typed_errors(self._path):
                writer.execute("BEGIN IMMEDIATE")
                _index(writer, journal)
                writer.execute("COMMIT")

    def steps(self, name: str, role: Role) -> Sequence[int]:
        rows = self._query(
            "SELECT seq FROM names WHERE name = ? AND role = ? ORDER BY seq", (name, role.value)
        )
        return [int(seq) for (seq,) in rows]

    def starting_with(self, prefix: str, limit: int) -> Sequence[tuple[str, Role]]:
        rows = self._query(
            "SELECT DISTINCT name, role FROM names "
            "WHERE name >= ? AND name < ? AND role <> 'cause' ORDER BY name, role LIMIT ?",
            (prefix, prefix + _AFTER_EVERY_NAME, limit),
        )
        return [(str(name), Role(str(role))) for name, role in rows]

    def _query(self, statement: str, values: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
        with (
            closing(connect_reader(self._path, _LAYOUT)) as reader,
            typed_errors(self._path),
        ):
            return reader.execute(statement, values).fetchall()


def _index(writer: sqlite3.Connection, journal: Journal) -> None:
    end, last_digest = writer.execute("SELECT end_seq, last_digest FROM covered").fetchone()
    if not _continues(journal, end, last_digest):
        writer.execute("DELETE FROM names")
        end, last_digest = 0, ""
    for record in journal.records(end):
        writer.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", _rows(record))
        end, last_digest = record.seq + 1, digest(record.body)
    writer.execute("UPDATE covered SET end_seq = ?, last_digest = ?", (end, last_digest))


def _continues(journal: Journal, end: int, last_digest: str) -> bool:
    if end == 0:
        return True
    if journal.end() < end:
        return False
    last = next(journal.records(end - 1))
    return digest(last.body) == last_digest


def _rows(record: JournalRecord) -> Iterable[tuple[str, str, int]]:
    return ((name, role.value, record.seq) for name, role in names_in(record))
