"""A list with a durable part: what was appended after the last flush is lost in a crash."""

from typing import Final

from events.backends.memory.faults import FaultPlan
from events.errors import Closed, Fenced, InUse, LogError


class Durable[R]:
    """Records of one log, and the right to write them, which one ``Tail`` has at a time."""

    def __init__(self, name: str, faults: FaultPlan) -> None:
        self.name: Final = name
        self.faults: Final = faults
        self.records: list[R] = []
        self._tail: Tail[R] | None = None

    def open(self) -> "Tail[R]":
        """Become the writer.

        Raises:
            InUse: somebody is.
        """
        if self._tail is not None:
            raise InUse(f"{self.name} is in use by another writer of this process")
        self._tail = Tail(self)
        return self._tail

    def release(self) -> None:
        """Let the next writer in."""
        self._tail = None

    def crash(self) -> None:
        """End the writer as kill -9 would: what it did not flush is lost, and it can do no more."""
        if self._tail is not None:
            self._tail.end(Fenced(f"{self.name}: its writer crashed"))


class Tail[R]:
    """What the one writer has appended and not flushed."""

    def __init__(self, log: Durable[R]) -> None:
        self._log: Final = log
        self._pending: list[R] = []
        self._ended: LogError | None = None

    def check(self) -> None:
        """Raise what ended this writer, if anything did."""
        if self._ended is not None:
            raise self._ended

    @property
    def ended(self) -> bool:
        """Whether this writer can do no more."""
        return self._ended is not None

    def add(self, record: R) -> None:
        """Append a record; it is durable after ``flush``."""
        self.check()
        self._pending.append(record)

    def flush(self) -> None:
        """Make all records durable; after a failure this writer can do no more."""
        self.check()
        try:
            self._log.faults.before_flush()
        except LogError as error:
            self._pending.clear()
            self._ended = error
            raise
        self._log.records.extend(self._pending)
        self._pending.clear()

    def close(self) -> None:
        """Drop what is not flushed, and let the next writer in."""
        if not isinstance(self._ended, Closed | Fenced):
            self.end(Closed(f"{self._log.name}: this writer is closed"))

    def end(self, reason: LogError) -> None:
        """As ``close``, for a reason."""
        self._pending.clear()
        self._ended = reason
        self._log.release()
