"""A journal during whose use its runner may be killed."""

from collections.abc import Iterator
from typing import Final, override

from events.journal import Journal, JournalRecord, JournalWriter
from events.passing import PassingJournal, PassingWriter
from runtime.hosts.simulated.faults import Faults
from schemas.envelope import Step


class InterruptedJournal(PassingJournal):
    """The journal as the runner sees it."""

    def __init__(self, journal: Journal, faults: Faults) -> None:
        super().__init__(journal)
        self._faults: Final = faults

    @override
    def open(self) -> "InterruptedWriter":
        return InterruptedWriter(super().open(), self._faults)

    @override
    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        for record in super().records(from_seq):
            self._faults.boundary("runner.recovering")
            yield record


class InterruptedWriter(PassingWriter):
    """The writer as the runner sees it."""

    def __init__(self, writer: JournalWriter, faults: Faults) -> None:
        super().__init__(writer)
        self._faults: Final = faults

    @override
    def append(self, step: Step) -> str:
        self._faults.boundary("runner.before_append")
        digest = super().append(step)
        self._faults.boundary("runner.after_append")
        return digest

    @override
    def flush(self) -> int:
        self._faults.boundary("runner.before_flush")
        durable = super().flush()
        self._faults.boundary("runner.after_flush")
        return durable
