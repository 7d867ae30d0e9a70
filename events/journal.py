"""A cell's journal: the steps of one book of business, in the one order in which they happened."""

from collections.abc import Iterator
from typing import Protocol, Self

import msgspec

from schemas.envelope import Step


class Head(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a journal's next step goes.

    Attributes:
        next_seq: number of the next step; 0 for a new journal.
        prev_hash: digest of the last step's bytes, or ``GENESIS``.
        epoch: of the last step; 0 for a new journal.
    """

    next_seq: int
    prev_hash: str
    epoch: int


class JournalRecord(msgspec.Struct, frozen=True, gc=False):
    """A step as it is stored."""

    seq: int
    body: bytes


class JournalWriter(Protocol):
    """The one writer of a journal."""

    @property
    def head(self) -> Head:
        """The place after the last appended step, durable or not."""
        ...

    @property
    def durable_seq(self) -> int:
        """Number of the last durable step; -1 when there is none."""
        ...

    def append(self, step: Step) -> str:
        """Add a step wholly or not at all; its digest comes back. Durable only after ``flush``.

        Raises:
            ValueError: ``seq`` or ``prev_hash`` is not the head's, or JSON cannot hold a number.
            Fenced: a newer writer took over.
            LogError: the step could not be taken; the writer is of no further use.
        """
        ...

    def flush(self) -> int:
        """Make everything appended durable and visible; ``durable_seq`` comes back."""
        ...

    def close(self) -> None:
        """Flush and give up the right to write."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class JournalTail(Protocol):
    """A place in a journal that moves on as it is read. It belongs to one thread."""

    def unread(self, *, asking: bool = True) -> Iterator[JournalRecord]:
        """Durable steps that were not taken yet, in order.

        Args:
            asking: to the end as it is now. Otherwise a log that is elsewhere gives what has come
                here by itself, which is a moment behind, and costs nothing to look at.

        Raises:
            Corrupt: a number is missing.
        """
        ...

    def close(self) -> None:
        """Let go of the journal."""
        ...


class Journal(Protocol):
    """One journal, empty until somebody wrote it. Readers see durable steps, never a torn one."""

    def open(self) -> JournalWriter:
        """Become the writer.

        Raises:
            InUse: somebody else is (backends that lock), or they are fenced off (backends that
            fence).
        """
        ...

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        """Durable steps as stored, in order, gapless from ``from_seq``.

        Raises:
            Corrupt: a number is missing.
        """
        ...

    def tail(self, from_seq: int = 0) -> JournalTail:
        """A place before step ``from_seq``, for who comes back again and again."""
        ...

    def end(self) -> int:
        """Number of durable steps."""
        ...
