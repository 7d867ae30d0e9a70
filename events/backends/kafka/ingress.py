"""Ingress on Kafka: a topic that any number of writers post into."""

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Final

import msgspec

from events.backends.kafka.clients.port import Headers, Producer, Record
from events.backends.kafka.cluster import Cluster
from events.backends.kafka.known_end import KnownEnd
from events.backends.kafka.marks import Kind
from events.codecs.json import decode_event, encode_event
from events.errors import Corrupt, LogError, NotFound, SequenceGap
from events.ingress import Posted
from schemas.envelope import AnyEvent, Slice
from schemas.registry import UnknownKind

_decode_slices: Final = msgspec.json.Decoder(tuple[Slice, ...]).decode


class KafkaIngress:
    """The queue in one topic; threads may share one. A post's position is its offset.

    It implements ``events.ingress.Ingress``. Two processes that post as the same writer may get
    the same number in twice: the first one counts, and who reads passes over the other.
    """

    def __init__(self, cluster: Cluster, topic: str) -> None:
        self._cluster: Final = cluster
        self._topic: Final = topic
        self._due: Final[dict[str, int]] = {}
        self._counted_to = 0
        self._end: Final = KnownEnd()
        self._producer: Producer | None = None
        self._lock: Final = Lock()

    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        with self._lock:
            if number != self._due.get(writer):
                self._count()
            due = self._due.get(writer, 0)
            if number > due:
                raise SequenceGap(
                    f"kafka: {self._topic}: {writer} posted {number} where {due} was due"
                )
            if number == due:
                self._send(encode_event(event), _headers(writer, number, slices))
                self._due[writer] = number + 1

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        posts: list[Posted] = []
        # Whoever polls owns the queue. Looking for a topic that is not there is slow.
        self._cluster.topics.require(self._topic)
        for record in self._records(from_position, self._end, asking=asking):
            posted = self._posted(record)
            if posted is not None:
                posts.append(posted)
                if len(posts) == limit:
                    break
        return posts

    def next_number(self, writer: str) -> int:
        with self._lock:
            self._count()
            return self._due.get(writer, 0)

    def close(self) -> None:
        """Disconnect the writing side."""
        with self._lock:
            if self._producer is not None:
                self._producer.close()
                self._producer = None

    def _send(self, value: bytes, headers: Headers) -> None:
        if self._producer is None:
            self._cluster.topics.require(self._topic)
            self._producer = self._cluster.producer(self._topic)
        try:
            self._producer.send(value, headers)
            self._producer.flush()
        except LogError:
            # Whether it arrived is unknown: the next post looks before it writes.
            self._producer.close()
            self._producer = None
            self._due.clear()
            self._counted_to = 0
            raise

    def _count(self) -> None:
        """Learn what others posted, as far as it is durable now."""
        for record in self._records(self._counted_to, KnownEnd()):
            self._counted_to = record.offset + 1
            named = _writer_and_number(record)
            if named is not None and named[1] == self._due.get(named[0], 0):
                self._due[named[0]] = named[1] + 1

    def _records(self, start: int, end: KnownEnd, *, asking: bool = True) -> Iterator[Record]:
        try:
            with self._cluster.reading(self._topic, following=not asking) as consumer:
                if asking or end.is_stale:
                    begin, _ = end.asked(consumer)
                    if start < begin:
                        raise Corrupt(f"kafka: {self._topic}: posts {start}..{begin - 1} are gone")
                yield from end.records(consumer, start, arrived=not asking)
        except NotFound:
            return

    def _posted(self, record: Record) -> Posted | None:
        named = _writer_and_number(record)
        try:
            if named is None:
                raise Corrupt("its headers are none of ours")
            return Posted(
                position=record.offset,
                writer=named[0],
                number=named[1],
                event=decode_event(record.value),
                slices=_decode_slices(record.headers["slices"]),
            )
        except (Corrupt, UnknownKind, KeyError, msgspec.MsgspecError) as error:
            self._cluster.quarantine.take(self._topic, record, str(error))
            return None


def _headers(writer: str, number: int, slices: tuple[Slice, ...]) -> Headers:
    return (
        ("wakeline", Kind.POST.value.encode()),
        ("writer", writer.encode()),
        ("number", b"%d" % number),
        ("slices", msgspec.json.encode(slices)),
    )


def _writer_and_number(record: Record) -> tuple[str, int] | None:
    headers = record.headers
    try:
        if headers["wakeline"] != Kind.POST.value.encode():
            return None
        return headers["writer"].decode(), int(headers["number"])
    except (KeyError, ValueError):
        return None
