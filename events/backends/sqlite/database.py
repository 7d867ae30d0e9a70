"""A database file of ours: made whole or not at all, and told from other people's files."""

import os
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from events.backends.sqlite.faults import typed_errors
from events.errors import Corrupt

_FORMAT_VERSION: Final = 1
_PAGE_BYTES: Final = 16_384
"""Larger than SQLite's default of 4,096, because most rows are batches of some 50 kB."""

_BUSY_S: Final = 10.0


class Durability(StrEnum):
    """What an acknowledged record survives; the values are SQLite's words for ``synchronous``."""

    POWER_CUT = "FULL"
    """For live trading: the disk confirms every commit."""
    PROCESS_CRASH = "NORMAL"
    """For backtests: after a power cut the last commits may be gone; the log stays whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a file holds.

    Attributes:
        name: for messages, such as ``journal``.
        application_id: four letters in the file's header that tell it from other databases.
        tables: statements that make an empty one.
    """

    name: str
    application_id: bytes
    tables: tuple[str, ...]

    @property
    def tag(self) -> int:
        """The application id as SQLite wants it."""
        return int.from_bytes(self.application_id)


def create(path: Path, layout: Layout) -> None:
    """Make an empty database unless there is one; the caller holds the writer's lock.

    It is made under another name and renamed, so a crash leaves either nothing or a whole file.
    """
    with typed_errors(path):
        if path.exists():
            return
        unfinished = path.with_name(f"{path.name}-new")
        for suffix in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(f"{unfinished.name}{suffix}").unlink(missing_ok=True)
        connection = sqlite3.connect(unfinished, isolation_level=None)
        try:
            for statement in (
                f"PRAGMA page_size = {_PAGE_BYTES}",
                f"PRAGMA application_id = {layout.tag}",
                f"PRAGMA user_version = {_FORMAT_VERSION}",
                *layout.tables,
                "PRAGMA journal_mode = WAL",
            ):
                connection.execute(statement)
        finally:
            connection.close()
        unfinished.replace(path)
        _sync_directory(path.parent)


def connect_writer(path: Path, layout: Layout, durability: Durability) -> sqlite3.Connection:
    """A connection in autocommit mode; the caller begins and commits."""
    with typed_errors(path):
        connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
    _check(connection, path, layout)
    connection.execute(f"PRAGMA synchronous = {durability.value}")
    return connection


def connect_reader(path: Path, layout: Layout) -> sqlite3.Connection:
    """A read-only connection, which sees committed rows only."""
    with typed_errors(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
    _check(connection, path, layout)
    return connection


def _check(connection: sqlite3.Connection, path: Path, layout: Layout) -> None:
    try:
        with typed_errors(path):
            (tag,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if tag != layout.tag:
            raise Corrupt(f"{path} is not a {layout.name} of Wakeline")
        if version != _FORMAT_VERSION:
            raise Corrupt(f"{path} is a {layout.name} of format {version}, not {_FORMAT_VERSION}")
    except BaseException:
        connection.close()
        raise


def _sync_directory(directory: Path) -> None:
    """A new name is durable only when its directory is."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
