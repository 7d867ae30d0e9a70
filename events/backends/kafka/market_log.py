"""The market log on Kafka: a topic a source, whose records are Arrow batches."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.market_writer import KafkaMarketWriter
from events.backends.kafka.marks import Entry, Kind
from events.backends.kafka.names import market_topic, source_of
from events.backends.kafka.reading import Ledger, LedgerTail
from events.batches import MarketRecord
from events.codecs.arrow import decode_batch
from events.codecs.json import digest
from events.errors import Corrupt
from events.following import follow
from events.ranges import cut


class KafkaMarketLog:
    """All sources of a cluster. It implements ``events.market_log.MarketLog``."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster: Final = cluster

    def sources(self) -> Sequence[str]:
        config = self._cluster.config
        named = (source_of(config, topic) for topic in self._cluster.topics.named())
        return sorted(source for source in named if source is not None)

    def open(self, source: str) -> KafkaMarketWriter:
        return KafkaMarketWriter(source, self._ledger(source))

    def read(
        self, source: str, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[MarketRecord]:
        for entry in self._ledger(source).entries(from_seq):
            if to_seq is not None and entry.first > to_seq:
                return
            if entry.kind is Kind.ROWS:
                record = record_in(source, entry)
                last = record.last if to_seq is None else min(record.last, to_seq)
                if last >= from_seq:
                    yield cut(record, from_seq, last)

    def tail(self, source: str, from_seq: int = 0) -> "KafkaMarketTail":
        ledger = self._ledger(source)
        ledger.last()  # A tail waits for records, and not for a source to be made.
        return KafkaMarketTail(source, ledger.tail(from_seq), from_seq)

    def follow(
        self, source: str, from_seq: int = 0, *, until: Callable[[], bool]
    ) -> Iterator[MarketRecord]:
        tail = self.tail(source, from_seq)
        yield from follow(tail.unread, lambda: tail.over or until())

    def end(self, source: str) -> int:
        last = self._ledger(source).last()
        return last.end if last is not None else 0

    def sealed(self, source: str) -> bool:
        last = self._ledger(source).last()
        return last is not None and last.kind is Kind.SEAL

    def _ledger(self, source: str) -> Ledger:
        topic = market_topic(self._cluster.config, source)
        return Ledger(self._cluster, topic)


class KafkaMarketTail:
    """It implements ``events.market_log.MarketTail``."""

    def __init__(self, source: str, entries: LedgerTail, from_seq: int) -> None:
        self._source: Final = source
        self._entries: Final = entries
        self._from_seq: Final = from_seq

    @property
    def over(self) -> bool:
        last = self._entries.last
        return last is not None and last.kind is Kind.SEAL

    def unread(self, *, asking: bool = True) -> Iterator[MarketRecord]:
        for entry in self._entries.unread(asking=asking):
            if entry.kind is Kind.ROWS:
                record = record_in(self._source, entry)
                yield cut(record, self._from_seq, record.last)

    def close(self) -> None:
        """Its connection is the cluster's."""


def record_in(source: str, entry: Entry) -> MarketRecord:
    """The rows of an entry; raises ``Corrupt`` if they are none, or were altered."""
    if digest(entry.body) != entry.id:
        raise Corrupt(f"kafka: {source}:{entry.first}: its rows are not what was written")
    record = decode_batch(source, entry.first, entry.body)
    if record.rows != entry.count:
        raise Corrupt(f"kafka: {source}:{entry.first}: {record.rows} rows, not {entry.count}")
    return record
