"""A Kafka broker in memory: it keeps what it has, and may lose a question or an answer on the way.

The logs that stand on it are the real ones, down to the port of their clients.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from events.backends.kafka.clients.port import Headers, Record
from events.errors import DiskFull, NotFound, Unreachable
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.scheduler import Scheduler
from schemas.quantities import SECOND_NS

LATE_NS_MAX: Final = 4 * SECOND_NS
"""How long a record may be under way when its writer has given it up already."""

type Sent = tuple[bytes, Headers]


class SimulatedBroker:
    """Topics of one partition. A record that was appended is there for all."""

    def __init__(self) -> None:
        self.topics: Final[dict[str, list[Record]]] = {}

    def records(self, topic: str) -> list[Record]:
        """What a topic holds; raises ``NotFound`` if there is none."""
        try:
            return self.topics[topic]
        except KeyError:
            raise NotFound(f"simulated broker: {topic}: there is no such topic") from None

    def append(self, topic: str, sent: Sequence[Sent]) -> list[int]:
        """Put records at the end; their offsets."""
        records = self.records(topic)
        first = len(records)
        records += [
            Record(first + number, dict(headers), value)
            for number, (value, headers) in enumerate(sent)
        ]
        return list(range(first, len(records)))


class LossyConnections:
    """A program's way to the broker. It implements ``...kafka.clients.port.Connections``."""

    def __init__(self, broker: SimulatedBroker, faults: Faults, scheduler: Scheduler) -> None:
        self.broker: Final = broker
        self.faults: Final = faults
        self.scheduler: Final = scheduler
        self.topics: Final = LossyTopics(self)

    def producer(self, topic: str) -> "LossyProducer":
        return LossyProducer(self, topic)

    def consumer(self, topic: str, *, following: bool) -> "LossyConsumer":  # noqa: ARG002
        return LossyConsumer(self, topic)

    def ask(self, topic: str) -> None:
        """Raise ``Unreachable`` where a question gets no answer."""
        if self.faults.strike("broker.unreachable"):
            raise Unreachable(f"simulated broker: {topic}: nobody answers")


class LossyTopics:
    """Topics that need no settings. It implements ``...kafka.clients.port.TopicKeeper``."""

    def __init__(self, way: LossyConnections) -> None:
        self._way: Final = way

    def require(self, topic: str) -> None:
        self._way.broker.topics.setdefault(topic, [])

    def check(self, topic: str) -> None:
        self._way.broker.records(topic)

    def named(self) -> list[str]:
        return sorted(self._way.broker.topics)


class LossyProducer:
    """It implements ``events.backends.kafka.clients.port.Producer``."""

    def __init__(self, way: LossyConnections, topic: str) -> None:
        self._way: Final = way
        self._topic: Final = topic
        self._waiting: list[Sent] = []

    def send(self, value: bytes, headers: Headers) -> None:
        self._waiting.append((value, headers))

    def flush(self) -> Sequence[int]:
        sent, self._waiting = self._waiting, []
        self._lose(sent)
        offsets = self._way.broker.append(self._topic, sent)
        if sent and self._way.faults.strike("broker.unacknowledged"):
            raise self._unanswered()
        return offsets

    def close(self) -> None:
        self._waiting.clear()

    def _lose(self, sent: list[Sent]) -> None:
        """What can become of records before they are appended."""
        faults, broker = self._way.faults, self._way.broker
        self._way.ask(self._topic)
        if faults.strike("broker.full"):
            raise DiskFull(f"simulated broker: {self._topic}: no space is left")
        if len(sent) > 1 and faults.strike("broker.torn_batch"):
            broker.append(self._topic, sent[: faults.pick(len(sent))])
            raise self._unanswered()
        if sent and faults.strike("broker.late"):
            delay = faults.latency(LATE_NS_MAX)
            self._way.scheduler.after(delay, partial(self._arrive, sent))
            raise self._unanswered()

    def _arrive(self, sent: list[Sent]) -> None:
        self._way.broker.append(self._topic, sent)

    def _unanswered(self) -> Unreachable:
        return Unreachable(f"simulated broker: {self._topic}: no acknowledgement came")


class LossyConsumer:
    """It implements ``events.backends.kafka.clients.port.Consumer``."""

    def __init__(self, way: LossyConnections, topic: str) -> None:
        self._way: Final = way
        self._topic: Final = topic

    def bounds(self) -> tuple[int, int]:
        self._way.ask(self._topic)
        return 0, len(self._way.broker.records(self._topic))

    def read(self, start: int, end: int) -> Iterator[Record]:
        yield from self._way.broker.records(self._topic)[start:end]

    def arrived(self, start: int) -> Iterator[Record]:
        yield from self._way.broker.records(self._topic)[start:]

    def rest(self) -> None:
        """It never fetches by itself."""

    def close(self) -> None:
        """Nothing is held open."""
