"""Writing a journal."""

from pathlib import Path
from typing import Self
from zlib import crc32

from events.backends.sqlite.database import Durability
from events.backends.sqlite.group_commit import GroupCommit
from events.backends.sqlite.journal_file import LAYOUT
from events.chain import NEW, head_after, successor
from events.codecs.json import encode_step
from events.errors import Corrupt
from events.journal import Head, JournalRecord
from schemas.envelope import Step


class SqliteJournalWriter:
    """The one writer of a journal. It implements ``events.journal.JournalWriter``."""

    def __init__(self, path: Path, durability: Durability) -> None:
        self._commits = GroupCommit(
            path, LAYOUT, durability, insert="INSERT INTO steps VALUES (?, ?, ?)"
        )
        try:
            self._head = self._stored_head()
        except BaseException:
            self._commits.close()
            raise
        self._durable_seq = self._head.next_seq - 1

    @property
    def head(self) -> Head:
        return self._head

    @property
    def durable_seq(self) -> int:
        return self._durable_seq

    def append(self, step: Step) -> str:
        self._commits.check()
        body = encode_step(step)
        head = successor(self._head, step, body)
        self._commits.add((step.seq, crc32(body), body), len(body))
        self._head = head
        return head.prev_hash

    def flush(self) -> int:
        self._commits.commit()
        self._durable_seq = self._head.next_seq - 1
        return self._durable_seq

    def close(self) -> None:
        try:
            if not self._commits.failed:
                self.flush()
        finally:
            self._commits.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stored_head(self) -> Head:
        row = self._commits.one("SELECT seq, crc, body FROM steps ORDER BY seq DESC LIMIT 1")
        if row is None:
            return NEW
        seq, crc, body = row
        if crc32(body) != crc:
            raise Corrupt(f"{self._commits.path}: step {seq}: checksum differs")
        return head_after(JournalRecord(seq, body))
