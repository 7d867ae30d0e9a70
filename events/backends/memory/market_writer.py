"""Writing one source of the market log in memory."""

from dataclasses import dataclass
from typing import Final, Self

import pyarrow as pa

from events.backends.memory.durable import Durable
from events.backends.memory.faults import FaultPlan
from events.batches import BatchKind, Terms
from events.codecs.arrow import encode_batch
from events.errors import Sealed
from schemas.envelope import Slice


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A market record as bytes, and the feed's place after it."""

    first: int
    count: int
    body: bytes
    checkpoint: bytes


class MemorySource:
    """What is durable of one source."""

    def __init__(self, name: str, faults: FaultPlan) -> None:
        self.name: Final = name
        self.log: Final = Durable[StoredBatch](f"{name} in memory", faults)
        self.sealed = False

    @property
    def end(self) -> int:
        """Number of durable rows."""
        records = self.log.records
        return records[-1].first + records[-1].count if records else 0

    @property
    def checkpoint(self) -> bytes:
        """What came with the last durable record."""
        return self.log.records[-1].checkpoint if self.log.records else b""


class MemoryMarketWriter:
    """The one writer of a source. It implements ``events.market_log.MarketWriter``."""

    def __init__(self, stored: MemorySource) -> None:
        self._stored: Final = stored
        self._tail: Final = stored.log.open()
        self._next_seq = stored.end

    @property
    def next_seq(self) -> int:
        return self._next_seq

    @property
    def checkpoint(self) -> bytes:
        return self._stored.checkpoint

    def append(
        self, kind: BatchKind, terms: Terms, batch: pa.RecordBatch, *, checkpoint: bytes
    ) -> Slice:
        self._tail.check()
        if self._stored.sealed:
            raise Sealed(f"{self._stored.name} is sealed")
        body = encode_batch(kind, terms, batch)
        first, count = self._next_seq, batch.num_rows
        self._tail.add(StoredBatch(first, count, body, checkpoint))
        self._next_seq += count
        return Slice(self._stored.name, first, self._next_seq - 1)

    def flush(self) -> None:
        self._tail.flush()

    def seal(self) -> None:
        self._tail.flush()
        self._stored.sealed = True

    def close(self) -> None:
        try:
            if not self._tail.ended:
                self._tail.flush()
        finally:
            self._tail.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
