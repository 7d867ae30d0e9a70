"""A journal during whose use its runner may be killed."""

from collections.abc import Callable, Iterator
from typing import Final, override

from events.journal import Journal, JournalRecord, JournalWriter
from events.passing import PassingJournal, PassingWriter
from runtime.hosts.simulated.faults import Faults
from schemas.envelope import Step


class InterruptedJournal(PassingJournal):
    """The journal as the runner sees it."""

    def __init__(self, journal: Journal, faults: Faults, flushed: Callable[[], None]) -> None:
        super().__init__(journal)
        self._faults: Final = faults
        self._flushed: Final = flushed

    @override
    def open(self) -> "InterruptedWriter":
        return InterruptedWriter(super().open(), self._faults, self._flushed)

    @override
    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        for record in super().records(from_seq):
            self._faults.boundary("runner.recovering")
            yield record


class InterruptedWriter(PassingWriter):
    """The writer as the runner sees it."""

    def __init__(self, writer: JournalWriter, faults: Faults, flushed: Callable[[], None]) -> None:
        super().__init__(writer)
        self._faults: Final = faults
        self._flushed: Final = flushed

    @override
    def append(self, step: Step) -> str:
        self._faults.boundary("runner.before_append")
        digest = super().append(step)
        self._faults.boundary("runner.after_append")
        return digest

    @override
    def flush(self) -> int:
        self._faults.boundary("runner.before_flush")
        try:
            durable = super().flush()
        finally:  # Something of it may be durable, whatever the writer was told.
            self._flushed()
        self._faults.boundary("runner.after_flush")
        return durable
