"""A journal during whose use its runner may be killed."""

from collections.abc import Callable, Iterator
from typing import Final, Self

from events.journal import Head, Journal, JournalRecord, JournalWriter
from runtime.hosts.simulated.faults import Faults
from schemas.envelope import Step


class InterruptedJournal:
    """The journal as the runner sees it. It implements ``events.journal.Journal``."""

    def __init__(self, stored: Journal, faults: Faults) -> None:
        self._stored: Final = stored
        self._faults: Final = faults

    def open(self) -> "InterruptedWriter":
        return InterruptedWriter(self._stored.open(), self._faults)

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        for record in self._stored.records(from_seq):
            self._faults.boundary("runner.recovering")
            yield record

    def follow(self, from_seq: int = 0, *, until: Callable[[], bool]) -> Iterator[JournalRecord]:
        return self._stored.follow(from_seq, until=until)

    def end(self) -> int:
        return self._stored.end()


class InterruptedWriter:
    """The writer as the runner sees it. It implements ``events.journal.JournalWriter``."""

    def __init__(self, writer: JournalWriter, faults: Faults) -> None:
        self._writer: Final = writer
        self._faults: Final = faults

    @property
    def head(self) -> Head:
        return self._writer.head

    @property
    def durable_seq(self) -> int:
        return self._writer.durable_seq

    def append(self, step: Step) -> str:
        self._faults.boundary("runner.before_append")
        digest = self._writer.append(step)
        self._faults.boundary("runner.after_append")
        return digest

    def flush(self) -> int:
        self._faults.boundary("runner.before_flush")
        durable = self._writer.flush()
        self._faults.boundary("runner.after_flush")
        return durable

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
