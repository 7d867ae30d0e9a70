"""A journal on a disk that fails, tears writes and loses acknowledgements."""

from collections.abc import Callable, Iterator
from typing import Final, Self

from events.backends.memory.journal import MemoryJournal
from events.errors import Unwritable
from events.journal import Head, JournalRecord, JournalWriter
from runtime.hosts.simulated.faults import Crash, Faults
from schemas.envelope import Step


class FaultyJournal:
    """What is left of the journal on such a disk. It implements ``events.journal.Journal``."""

    def __init__(self, stored: MemoryJournal, faults: Faults) -> None:
        self._stored: Final = stored
        self._faults: Final = faults

    def open(self) -> "FaultyWriter":
        return FaultyWriter(self._stored, self._faults)

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        return self._stored.records(from_seq)

    def follow(self, from_seq: int = 0, *, until: Callable[[], bool]) -> Iterator[JournalRecord]:
        return self._stored.follow(from_seq, until=until)

    def end(self) -> int:
        return self._stored.end()


class FaultyWriter:
    """The writer of such a disk. It implements ``events.journal.JournalWriter``."""

    def __init__(self, stored: MemoryJournal, faults: Faults) -> None:
        self._stored: Final = stored
        self._faults: Final = faults
        self._writer: Final[JournalWriter] = stored.open()
        self._unflushed: Final[list[Step]] = []

    @property
    def head(self) -> Head:
        return self._writer.head

    @property
    def durable_seq(self) -> int:
        return self._writer.durable_seq

    def append(self, step: Step) -> str:
        digest = self._writer.append(step)
        self._unflushed.append(step)
        return digest

    def flush(self) -> int:
        faults = self._faults
        if self._unflushed and faults.strike("disk.torn_write"):
            self._tear()
        if faults.strike("disk.flush_fails"):
            raise Unwritable("the simulated disk failed, and nothing was written")
        durable = self._writer.flush()
        self._unflushed.clear()
        if faults.strike("disk.flush_unacknowledged"):
            raise Unwritable("the simulated disk failed after everything was written")
        return durable

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tear(self) -> None:
        """The power goes while the disk writes: some whole steps are there, the rest is not."""
        self._stored.crash()
        with self._stored.open() as rest:
            for step in self._unflushed[: self._faults.pick(len(self._unflushed))]:
                rest.append(step)
        raise Crash("disk.torn_write")
