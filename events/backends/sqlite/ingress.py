"""Ingress in SQLite: one database file that several processes post into."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from events.backends.sqlite.database import (
    Durability,
    Layout,
    connect_reader,
    connect_writer,
    create,
)
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.lock import WriterLock
from events.codecs.json import decode_event, encode_event
from events.errors import Corrupt, SequenceGap
from events.ingress import Posted
from schemas.envelope import AnyEvent, Slice

LAYOUT: Final = Layout(
    name="ingress",
    application_id=b"WkIn",
    tables=(
        """
        CREATE TABLE posts (
            position INTEGER PRIMARY KEY,
            writer TEXT NOT NULL,
            number INTEGER NOT NULL,
            event BLOB NOT NULL,
            slices BLOB NOT NULL,
            UNIQUE (writer, number)
        ) STRICT
        """,
    ),
)

_NEXT_NUMBER: Final = "SELECT coalesce(max(number) + 1, 0) FROM posts WHERE writer = ?"
_POST: Final = """
    INSERT INTO posts SELECT coalesce(max(position) + 1, 0), ?, ?, ?, ? FROM posts
"""
_POLL: Final = """
    SELECT position, writer, number, event, slices FROM posts
    WHERE position >= ? ORDER BY position LIMIT ?
"""
_decode_slices: Final = msgspec.json.Decoder(tuple[Slice, ...]).decode


class SqliteIngress:
    """The ingress in the file ``path``; threads may share one.

    It implements ``events.ingress.Ingress``. Posting and polling have a connection each,
    because a reader must not see what is not committed.
    """

    def __init__(self, path: Path, durability: Durability = Durability.POWER_CUT) -> None:
        self.path: Final = path
        with typed_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with WriterLock(path, wait=True):
            create(path, LAYOUT)
        self._writing: Final = connect_writer(path, LAYOUT, durability)
        self._reading: Final = connect_reader(path, LAYOUT)
        self._write_lock: Final = Lock()
        self._read_lock: Final = Lock()

    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        row = (writer, number, encode_event(event), msgspec.json.encode(slices))
        with self._write_lock, typed_errors(self.path), self._transaction():
            due: int = self._writing.execute(_NEXT_NUMBER, (writer,)).fetchone()[0]
            if number > due:
                raise SequenceGap(f"{self.path}: {writer} posted {number} where {due} was due")
            if number == due:
                self._writing.execute(_POST, row)

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:  # noqa: ARG002 - it is all here
        with self._read_lock, typed_errors(self.path):
            rows = self._reading.execute(_POLL, (from_position, limit)).fetchall()
        return [self._posted(*row) for row in rows]

    def next_number(self, writer: str) -> int:
        with self._read_lock, typed_errors(self.path):
            due: int = self._reading.execute(_NEXT_NUMBER, (writer,)).fetchone()[0]
        return due

    def close(self) -> None:
        """Let go of the file."""
        self._writing.close()
        self._reading.close()

    def _posted(
        self, position: int, writer: str, number: int, event: bytes, slices: bytes
    ) -> Posted:
        try:
            return Posted(
                position=position,
                writer=writer,
                number=number,
                event=decode_event(event),
                slices=_decode_slices(slices),
            )
        except (Corrupt, msgspec.MsgspecError) as error:
            raise Corrupt(f"{self.path}: post {position}: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writing.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writing.execute("COMMIT")
        except BaseException:
            if self._writing.in_transaction:
                self._writing.rollback()
            raise
