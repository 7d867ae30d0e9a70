"""Writing one source of the market log."""

from typing import Final, Self

import pyarrow as pa

from events.backends.kafka.marks import Entry, Kind
from events.backends.kafka.reading import Ledger
from events.backends.kafka.writing import LedgerWriter
from events.batches import BatchKind, Terms
from events.codecs.arrow import encode_batch
from events.codecs.json import digest
from events.errors import Sealed
from schemas.envelope import GENESIS, Slice


class KafkaMarketWriter:
    """The one writer of a source. It implements ``events.market_log.MarketWriter``."""

    def __init__(self, source: str, ledger: Ledger) -> None:
        self._source: Final = source
        self._entries: Final = LedgerWriter(ledger)
        last = self._entries.last
        self._next_seq = last.end if last is not None else 0
        self._id = last.id if last is not None else GENESIS
        self._checkpoint = self._pending = last.checkpoint if last is not None else b""
        self._sealed = last is not None and last.kind is Kind.SEAL

    @property
    def next_seq(self) -> int:
        return self._next_seq

    @property
    def checkpoint(self) -> bytes:
        return self._checkpoint

    def append(
        self, kind: BatchKind, terms: Terms, batch: pa.RecordBatch, *, checkpoint: bytes
    ) -> Slice:
        self._entries.check()
        if self._sealed:
            raise Sealed(f"kafka: {self._source} is sealed")
        body = encode_batch(kind, terms, batch)
        first = self._next_seq
        self._add(Kind.ROWS, batch.num_rows, digest(body), checkpoint, body)
        return Slice(self._source, first, self._next_seq - 1)

    def flush(self) -> None:
        self._entries.flush()
        self._checkpoint = self._pending

    def seal(self) -> None:
        self._entries.check()
        if not self._sealed:
            self._add(Kind.SEAL, 0, self._id, self._pending, b"")
            self._sealed = True
        self.flush()

    def close(self) -> None:
        try:
            if not self._entries.failed:
                self.flush()
        finally:
            self._entries.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add(self, kind: Kind, count: int, name: str, checkpoint: bytes, body: bytes) -> None:
        self._entries.add(
            Entry(
                offset=-1,
                kind=kind,
                first=self._next_seq,
                count=count,
                id=name,
                previous=self._id,
                checkpoint=checkpoint,
                body=body,
            )
        )
        self._next_seq += count
        self._id, self._pending = name, checkpoint
