"""A journal on a disk that fails, tears writes and loses acknowledgements."""

from typing import Final, override

from events.backends.memory.journal import MemoryJournal
from events.errors import Unwritable
from events.passing import PassingJournal, PassingWriter
from runtime.hosts.simulated.faults import Crash, Faults
from schemas.envelope import Step


class FaultyJournal(PassingJournal):
    """A journal in memory, as it would be on such a disk."""

    def __init__(self, stored: MemoryJournal, faults: Faults) -> None:
        super().__init__(stored)
        self._stored: Final = stored
        self._faults: Final = faults

    @override
    def open(self) -> "FaultyWriter":
        return FaultyWriter(self._stored, self._faults)


class FaultyWriter(PassingWriter):
    """The writer of such a disk."""

    def __init__(self, stored: MemoryJournal, faults: Faults) -> None:
        super().__init__(stored.open())
        self._stored: Final = stored
        self._faults: Final = faults
        self._unflushed: Final[list[Step]] = []

    @override
    def append(self, step: Step) -> str:
        digest = super().append(step)
        self._unflushed.append(step)
        return digest

    @override
    def flush(self) -> int:
        faults = self._faults
        if self._unflushed and faults.strike("disk.torn_write"):
            self._tear()
        if faults.strike("disk.flush_fails"):
            raise Unwritable("the simulated disk failed, and nothing was written")
        durable = super().flush()
        self._unflushed.clear()
        if faults.strike("disk.flush_unacknowledged"):
            raise Unwritable("the simulated disk failed after everything was written")
        return durable

    def _tear(self) -> None:
        """The power goes while the disk writes: some whole steps are there, the rest is not."""
        self._stored.crash()
        with self._stored.open() as rest:
            for step in self._unflushed[: self._faults.pick(len(self._unflushed))]:
                rest.append(step)
        raise Crash("disk.torn_write")
