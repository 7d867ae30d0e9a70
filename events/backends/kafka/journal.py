"""A cell's journal on Kafka: a topic whose records are lines of JSON, a step a line."""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Self

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.marks import Entry, Kind
from events.backends.kafka.reading import Ledger, LedgerTail
from events.backends.kafka.writing import LedgerWriter
from events.chain import NEW, head_after, successor
from events.codecs.json import digest, encode_step
from events.errors import Corrupt, NotFound
from events.journal import Head, JournalRecord
from schemas.envelope import Step

RECORD_BYTES: Final = 512 << 10
"""Steps of one flush share a record up to about this size; a step is never cut."""


class KafkaJournal:
    """The journal in one topic; empty until somebody wrote it.

    It implements ``events.journal.Journal``.

    Args:
        record_bytes: how much of a flush goes into one record.
    """

    def __init__(self, cluster: Cluster, topic: str, *, record_bytes: int = RECORD_BYTES) -> None:
        self._ledger: Final = Ledger(cluster, topic)
        self._record_bytes: Final = record_bytes

    def open(self) -> "KafkaJournalWriter":
        return KafkaJournalWriter(self._ledger, self._record_bytes)

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        try:
            for entry in self._ledger.entries(from_seq):
                yield from steps_in(self._ledger.topic, entry, from_seq)
        except NotFound:
            return

    def tail(self, from_seq: int = 0) -> "KafkaJournalTail":
        return KafkaJournalTail(self._ledger, from_seq)

    def end(self) -> int:
        try:
            last = self._ledger.last()
        except NotFound:
            return 0
        return last.end if last is not None else 0


class KafkaJournalTail:
    """It implements ``events.journal.JournalTail``. After a break of the connection, what comes
    must follow what came before it.
    """

    def __init__(self, ledger: Ledger, from_seq: int) -> None:
        self._topic: Final = ledger.topic
        self._from_seq: Final = from_seq
        self._entries: Final[LedgerTail] = ledger.tail(from_seq)
        self._ahead: Final[deque[JournalRecord]] = deque()

    def unread(self, *, asking: bool = True) -> Iterator[JournalRecord]:
        yield from self._taken()
        with suppress(NotFound):
            for entry in self._entries.unread(asking=asking):
                self._ahead.extend(steps_in(self._topic, entry, self._from_seq))
                yield from self._taken()

    def close(self) -> None:
        """The connections are the cluster's."""

    def _taken(self) -> Iterator[JournalRecord]:
        while self._ahead:
            yield self._ahead.popleft()


class KafkaJournalWriter:
    """The one writer of a journal. It implements ``events.journal.JournalWriter``."""

    def __init__(self, ledger: Ledger, record_bytes: int) -> None:
        self._topic: Final = ledger.topic
        self._record_bytes: Final = record_bytes
        self._entries: Final = LedgerWriter(ledger)
        self._lines: list[bytes] = []
        self._size = 0
        try:
            self._head = _head_after(ledger.topic, self._entries.last)
        except BaseException:
            self._entries.close()
            raise
        self._durable = self._head
        self._packed = self._head

    @property
    def head(self) -> Head:
        return self._head

    @property
    def durable_seq(self) -> int:
        return self._durable.next_seq - 1

    def append(self, step: Step) -> str:
        self._entries.check()
        body = encode_step(step)
        head = successor(self._head, step, body)
        self._lines.append(body)
        self._size += len(body)
        self._head = head
        if self._size >= self._record_bytes:
            self._pack()
        return head.prev_hash

    def flush(self) -> int:
        self._entries.check()
        self._pack()
        self._entries.flush()
        self._durable = self._head
        return self.durable_seq

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

    def _pack(self) -> None:
        if not self._lines:
            return
        self._entries.add(
            Entry(
                offset=-1,
                kind=Kind.STEPS,
                first=self._packed.next_seq,
                count=len(self._lines),
                id=self._head.prev_hash,
                previous=self._packed.prev_hash,
                checkpoint=b"",
                body=b"\n".join(self._lines),
            )
        )
        self._lines, self._size, self._packed = [], 0, self._head


def steps_in(topic: str, entry: Entry, from_seq: int) -> Iterator[JournalRecord]:
    """The steps of an entry from one number on; raises ``Corrupt`` if it was altered."""
    lines = entry.body.split(b"\n")
    if len(lines) != entry.count or digest(lines[-1]) != entry.id:
        raise Corrupt(f"kafka: {topic}:{entry.offset}: its steps are not what was written")
    first = max(entry.first, from_seq)
    return map(JournalRecord, range(first, entry.end), lines[first - entry.first :])


def _head_after(topic: str, last: Entry | None) -> Head:
    if last is None:
        return NEW
    *_, record = steps_in(topic, last, last.first)
    return head_after(record)
