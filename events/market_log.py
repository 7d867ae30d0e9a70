"""The market log: what the world said, once, for everybody. One log a source, one writer a log."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, Self

import pyarrow as pa

from events.batches import BatchKind, MarketRecord, Terms
from schemas.envelope import Slice


class MarketWriter(Protocol):
    """The one writer of a source. It numbers the rows; a feed resumes from its ``checkpoint``."""

    @property
    def next_seq(self) -> int:
        """Number of the next row; 0 for a new source."""
        ...

    @property
    def checkpoint(self) -> bytes:
        """What came with the last durable record; empty for a new source."""
        ...

    def append(
        self, kind: BatchKind, terms: Terms, batch: pa.RecordBatch, *, checkpoint: bytes
    ) -> Slice:
        """Add rows (at least one) and the feed's place after them, both or neither.

        Durable only after ``flush``; records become durable in order.

        Raises:
            ValueError: the batch is empty or has not the layout of its kind.
            Sealed: the source is.
            LogError: the record could not be taken; the writer is of no further use.
        """
        ...

    def flush(self) -> None:
        """Make everything appended durable and visible to readers."""
        ...

    def seal(self) -> None:
        """Flush, and say that nothing will follow."""
        ...

    def close(self) -> None:
        """Flush and give up the right to write."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class MarketReader(Protocol):
    """Reading any source again, from the log itself or from what was projected of it."""

    def read(
        self, source: str, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[MarketRecord]:
        """Durable records that hold rows ``from_seq .. to_seq``, cut to just these, in order.

        Raises:
            NotFound: there is no such source.
            Corrupt: a record does not decode or does not follow the one before.
        """
        ...


class MarketTail(Protocol):
    """A place in one source that moves on as it is read. It belongs to one thread."""

    @property
    def over(self) -> bool:
        """Whether the source is sealed, and all of it was given."""
        ...

    def unread(self, *, asking: bool = True) -> Iterator[MarketRecord]:
        """Durable records that were not given yet.

        Args:
            asking: to the end as it is now; otherwise see ``events.journal.JournalTail.unread``.

        Raises:
            Corrupt: a record does not decode or does not follow the one before.
        """
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


class MarketLog(MarketReader, Protocol):
    """Reading any source, and opening one for writing. Readers see durable records only."""

    def sources(self) -> Sequence[str]:
        """Names of all sources, sorted."""
        ...

    def open(self, source: str) -> MarketWriter:
        """Become the source's writer, making it if it is new.

        Raises:
            InUse: somebody else is.
        """
        ...

    def tail(self, source: str, from_seq: int = 0) -> MarketTail:
        """A place before row ``from_seq``, for who comes back again and again.

        Raises:
            NotFound: there is no such source.
        """
        ...

    def follow(
        self, source: str, from_seq: int = 0, *, until: Callable[[], bool]
    ) -> Iterator[MarketRecord]:
        """As ``read``, then records as they become durable, until sealed and read out or
        ``until()``.
        """
        ...

    def end(self, source: str) -> int:
        """Number of durable rows, which is the number of the next one."""
        ...

    def sealed(self, source: str) -> bool:
        """Whether the writer said that nothing will follow."""
        ...
