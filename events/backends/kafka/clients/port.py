"""What the logs need of a client: ordered writing into one partition, and reading it anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

RECORD_BYTES_MAX: Final = 16 << 20
"""The largest record that a topic of ours takes; Kafka's own limit is 1 MB."""

PARTITION: Final = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic as it is stored."""

    offset: int
    headers: Mapping[str, bytes]
    value: bytes


type Headers = Sequence[tuple[str, bytes]]


class Producer(Protocol):
    """Writes one topic in order: acks from all replicas, each record once."""

    def send(self, value: bytes, headers: Headers) -> None:
        """Hand a record over. It may be on its way already."""
        ...

    def flush(self) -> Sequence[int]:
        """Wait for all records sent since the last flush; their offsets come back in order.

        Raises:
            LogError: one of them was not acknowledged. Those behind it may have been, so the
                producer is of no further use.
        """
        ...

    def close(self) -> None:
        """Drop what was not flushed, and disconnect."""
        ...


class Consumer(Protocol):
    """Reads one topic; only what all replicas have. It commits no offsets and joins no group."""

    def bounds(self) -> tuple[int, int]:
        """Offset of the first record there is, and of the next one to come.

        Raises:
            NotFound: there is no such topic.
            Unreachable: nobody answers.
        """
        ...

    def read(self, start: int, end: int) -> Iterator[Record]:
        """Records from ``start`` on, before ``end``; going on where the last call ended is fast.

        Raises:
            Corrupt: an offset is not there any more, or a checksum differs.
            Unreachable: nobody answers.
        """
        ...

    def arrived(self, start: int) -> Iterator[Record]:
        """Records from ``start`` on that have come already; nobody is asked or waited for.

        They come by themselves where ``start`` is where the last call ended; raises as ``read``.
        """
        ...

    def rest(self) -> None:
        """Fetch nothing more until it is read from again. It stays connected."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


class TopicKeeper(Protocol):
    """Makes topics right, and finds those that are not."""

    def require(self, topic: str) -> None:
        """Let a topic be there and set right.

        Raises:
            NotFound: it is missing, and may not be made.
            WrongSettings: a setting is not what must hold; it is named.
        """
        ...

    def check(self, topic: str) -> None:
        """As ``require``, for a reader: nothing is made.

        Raises:
            NotFound: there is no such topic.
            WrongSettings: a setting is not what must hold; it is named.
        """
        ...

    def named(self) -> list[str]:
        """All topics that this user may see."""
        ...


class Connections(Protocol):
    """Everything that a cluster is asked through."""

    @property
    def topics(self) -> TopicKeeper: ...

    def producer(self, topic: str) -> Producer:
        """A connection that writes a topic."""
        ...

    def consumer(self, topic: str, *, following: bool) -> Consumer:
        """A connection that reads a topic.

        Args:
            following: it will go on where it ended, and seldom elsewhere.
        """
        ...
