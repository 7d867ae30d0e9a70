"""A cell's journal in memory."""

from collections.abc import Callable, Iterator
from typing import Final, Self

from events.backends.memory.durable import Durable
from events.backends.memory.faults import FaultPlan
from events.chain import NEW, head_after, successor
from events.codecs.json import encode_step
from events.following import follow
from events.journal import Head, JournalRecord
from schemas.envelope import Step


class MemoryJournal:
    """A journal whose disk is a list. It implements ``events.journal.Journal``."""

    def __init__(self, faults: FaultPlan | None = None) -> None:
        self._log: Final = Durable[JournalRecord]("journal in memory", faults or FaultPlan())

    def open(self) -> "MemoryJournalWriter":
        return MemoryJournalWriter(self._log)

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        return (self._log.records[seq] for seq in range(from_seq, self.end()))

    def follow(self, from_seq: int = 0, *, until: Callable[[], bool]) -> Iterator[JournalRecord]:
        position = from_seq

        def unread() -> Iterator[JournalRecord]:
            nonlocal position
            for record in self.records(position):
                position = record.seq + 1
                yield record

        return follow(unread, until)

    def end(self) -> int:
        return len(self._log.records)

    def crash(self) -> None:
        """Kill the writer: what it did not flush is lost, any later call raises Fenced."""
        self._log.crash()


class MemoryJournalWriter:
    """The one writer of a journal. It implements ``events.journal.JournalWriter``."""

    def __init__(self, log: Durable[JournalRecord]) -> None:
        self._tail: Final = log.open()
        self._head = head_after(log.records[-1]) if log.records else NEW
        self._durable_seq = self._head.next_seq - 1

    @property
    def head(self) -> Head:
        return self._head

    @property
    def durable_seq(self) -> int:
        return self._durable_seq

    def append(self, step: Step) -> str:
        self._tail.check()
        body = encode_step(step)
        self._head = successor(self._head, step, body)
        self._tail.add(JournalRecord(step.seq, body))
        return self._head.prev_hash

    def flush(self) -> int:
        self._tail.flush()
        self._durable_seq = self._head.next_seq - 1
        return self._durable_seq

    def close(self) -> None:
        try:
            if not self._tail.ended:
                self.flush()
        finally:
            self._tail.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
