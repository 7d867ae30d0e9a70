"""Writing one source of the market log."""

from pathlib import Path
from typing import Self
from zlib import crc32

import pyarrow as pa

from events.backends.sqlite.database import Durability
from events.backends.sqlite.group_commit import GroupCommit
from events.backends.sqlite.market_file import LAYOUT, path_of
from events.batches import BatchKind, Terms
from events.codecs.arrow import encode_batch
from events.errors import Corrupt, Sealed
from schemas.envelope import Slice


class SqliteMarketWriter:
    """The one writer of a source. It implements ``events.market_log.MarketWriter``."""

    def __init__(self, directory: Path, source: str, durability: Durability) -> None:
        self._source = source
        self._commits = GroupCommit(
            path_of(directory, source),
            LAYOUT,
            durability,
            insert="INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        try:
            self._next_seq, self._checkpoint, self._sealed = self._stored_state()
        except BaseException:
            self._commits.close()
            raise
        self._pending = self._checkpoint
        self._changed = False

    @property
    def next_seq(self) -> int:
        return self._next_seq

    @property
    def checkpoint(self) -> bytes:
        return self._checkpoint

    def append(
        self, kind: BatchKind, terms: Terms, batch: pa.RecordBatch, *, checkpoint: bytes
    ) -> Slice:
        self._commits.check()
        if self._sealed:
            raise Sealed(f"{self._commits.path}: {self._source} is sealed")
        body = encode_batch(kind, terms, batch)
        first, count = self._next_seq, batch.num_rows
        ts_first, ts_last = batch.column(0)[0].value, batch.column(0)[count - 1].value
        self._commits.add(
            (first, count, kind.value, ts_first, ts_last, crc32(body), body), len(body)
        )
        self._next_seq += count
        self._pending = checkpoint
        self._changed = True
        return Slice(self._source, first, self._next_seq - 1)

    def flush(self) -> None:
        self._commits.check()
        if not self._changed:
            return
        self._commits.commit(
            (
                "UPDATE state SET next_seq = ?, checkpoint = ?, sealed = ?",
                (self._next_seq, self._pending, self._sealed),
            )
        )
        self._checkpoint = self._pending
        self._changed = False

    def seal(self) -> None:
        self._commits.check()
        self._changed |= not self._sealed
        self._sealed = True
        self.flush()

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

    def _stored_state(self) -> tuple[int, bytes, bool]:
        row = self._commits.one("SELECT next_seq, checkpoint, sealed FROM state")
        if row is None:
            raise Corrupt(f"{self._commits.path}: its state is gone")
        next_seq, checkpoint, sealed = row
        return next_seq, checkpoint, bool(sealed)
