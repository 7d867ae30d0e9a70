"""What can happen to a SQLite backend, done to it."""

import sqlite3
from pathlib import Path

from events.backends.sqlite.journal_writer import SqliteJournalWriter
from events.backends.sqlite.market_writer import SqliteMarketWriter

type Writer = SqliteMarketWriter | SqliteJournalWriter


def crash(writer: object) -> None:
    """Drop what is not committed and the lock, as the operating system does after kill -9."""
    assert isinstance(writer, SqliteMarketWriter | SqliteJournalWriter)
    writer._commits.close()


def fill_disk(writer: object) -> None:
    """Let the file grow by half a megabyte only, so that what fails has begun to be written."""
    assert isinstance(writer, SqliteMarketWriter | SqliteJournalWriter)
    connection = writer._commits._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 32}")


def alter(path: Path, statement: str, *values: object) -> None:
    """Change a database behind its owner's back."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement, values)
    connection.close()
