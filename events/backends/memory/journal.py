"""A cell's journal in memory."""

from collections.abc import Iterator
from typing import Final, Self

from events.backends.memory.durable import Durable
from events.backends.memory.faults import FaultPlan
from events.chain import NEW, head_after, successor
from events.codecs.json import encode_step
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

    def tail(self, from_seq: int = 0) -> "MemoryJournalTail":
        return MemoryJournalTail(self._log, from_seq)

    def end(self) -> int:
        return len(self._log.records)

    def crash(self) -> None:
        """Kill the writer: what it did not flush is lost, any later call raises Fenced."""
        self._log.crash()


class MemoryJournalTail:
    """It implements ``events.journal.JournalTail``."""

    def __init__(self, log: Durable[JournalRecord], from_seq: int) -> None:
        self._log: Final = log
        self._next = from_seq

    def unread(self, *, asking: bool = True) -> Iterator[JournalRecord]:  # noqa: ARG002 - it is all here
        end = len(self._log.records)
        while self._next < end:
            record = self._log.records[self._next]
            self._next += 1
            yield record

    def close(self) -> None:
        """There is nothing to let go of."""


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
