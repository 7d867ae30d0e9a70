"""The market log in memory."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from events.backends.memory.faults import FaultPlan
from events.backends.memory.market_writer import MemoryMarketWriter, MemorySource
from events.batches import MarketRecord
from events.codecs.arrow import decode_batch
from events.errors import NotFound
from events.following import follow
from events.ranges import continuous


class MemoryMarketLog:
    """Sources whose disk is a list. It implements ``events.market_log.MarketLog``."""

    def __init__(self, faults: FaultPlan | None = None) -> None:
        self._faults: Final = faults or FaultPlan()
        self._sources: Final[dict[str, MemorySource]] = {}

    def sources(self) -> Sequence[str]:
        return sorted(self._sources)

    def open(self, source: str) -> MemoryMarketWriter:
        if not source:
            raise ValueError("a source has a name")
        stored = self._sources.setdefault(source, MemorySource(source, self._faults))
        return MemoryMarketWriter(stored)

    def read(
        self, source: str, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[MarketRecord]:
        stored = self._stored(source)
        last = stored.end - 1 if to_seq is None else min(to_seq, stored.end - 1)
        batches = stored.log.records
        start = bisect_right(batches, from_seq, key=lambda batch: batch.first) - 1
        records = (
            decode_batch(source, batches[index].first, batches[index].body)
            for index in range(max(start, 0), len(batches))
        )
        yield from continuous(records, source, from_seq, last)

    def tail(self, source: str, from_seq: int = 0) -> "MemoryMarketTail":
        self._stored(source)
        return MemoryMarketTail(self, source, from_seq)

    def follow(
        self, source: str, from_seq: int = 0, *, until: Callable[[], bool]
    ) -> Iterator[MarketRecord]:
        tail = self.tail(source, from_seq)
        yield from follow(tail.unread, lambda: tail.over or until())

    def end(self, source: str) -> int:
        return self._stored(source).end

    def sealed(self, source: str) -> bool:
        return self._stored(source).sealed

    def crash(self, source: str) -> None:
        """Kill the source's writer: what it did not flush is lost, later calls raise Fenced."""
        self._stored(source).log.crash()

    def _stored(self, source: str) -> MemorySource:
        try:
            return self._sources[source]
        except KeyError:
            raise NotFound(f"no market log of {source} in memory") from None


class MemoryMarketTail:
    """It implements ``events.market_log.MarketTail``."""

    def __init__(self, log: MemoryMarketLog, source: str, from_seq: int) -> None:
        self._log: Final = log
        self._source: Final = source
        self._position = from_seq
        self.over = False

    def unread(self, *, asking: bool = True) -> Iterator[MarketRecord]:  # noqa: ARG002 - it is all here
        sealed = self._log.sealed(self._source)
        for record in self._log.read(self._source, self._position):
            self._position = record.last + 1
            yield record
        self.over = sealed

    def close(self) -> None:
        """There is nothing to let go of."""
