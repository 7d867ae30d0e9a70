"""The client on librdkafka: threads of its own, and a third of a millisecond to an answer."""

from collections import deque
from collections.abc import Iterator
from time import monotonic
from typing import Final, cast

from confluent_kafka import Consumer as RdConsumer
from confluent_kafka import KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka import Producer as RdProducer

from events.backends.kafka.clients.port import PARTITION, RECORD_BYTES_MAX, Headers, Record
from events.backends.kafka.config import KafkaConfig
from events.errors import Corrupt, DiskFull, LogError, NotAllowed, NotFound, Unreachable

_POLL_S: Final = 0.1
_PAGE: Final = 16
"""Records taken at once: few, so that large ones are still in the processor's cache when they are
decoded. With a thousand that took a tenth longer.
"""

_LOOKED_UP_MS: Final = 20
_FOLLOWED_MS: Final = 500
"""How long a broker keeps a fetch open in which nothing comes. What comes ends it at once; but who
goes to another place has to wait for its end. Of ten who follow, at 20 ms, an idle broker had a
third of a core to do, at 500 ms a twelfth.
"""

# Names with an underscore are librdkafka's own, the others came from the broker.
_BY_NAME: Final[dict[str, type[LogError]]] = {
    "KAFKA_STORAGE_ERROR": DiskFull,
    "UNKNOWN_TOPIC_OR_PART": NotFound,
    # Nobody told this client of the topic yet; that there is none, only a broker can say.
    "_UNKNOWN_TOPIC": Unreachable,
    "_UNKNOWN_PARTITION": Unreachable,
    "OFFSET_OUT_OF_RANGE": Corrupt,
    "_AUTO_OFFSET_RESET": Corrupt,
    "_BAD_MSG": Corrupt,
    "INVALID_MSG": Corrupt,
    "_MSG_TIMED_OUT": Unreachable,
    "_TIMED_OUT": Unreachable,
    "_TRANSPORT": Unreachable,
    "_ALL_BROKERS_DOWN": Unreachable,
    "NOT_ENOUGH_REPLICAS": Unreachable,
    "NOT_ENOUGH_REPLICAS_AFTER_APPEND": Unreachable,
    "_AUTHENTICATION": NotAllowed,
    "SASL_AUTHENTICATION_FAILED": NotAllowed,
    "TOPIC_AUTHORIZATION_FAILED": NotAllowed,
    "CLUSTER_AUTHORIZATION_FAILED": NotAllowed,
}


class ConfluentProducer:
    """It implements ``events.backends.kafka.clients.port.Producer``."""

    def __init__(self, config: KafkaConfig, topic: str) -> None:
        self._topic: Final = topic
        self._refused: NotAllowed | None = None
        self._producer: Final = RdProducer(
            {
                **_connection(config),
                "acks": "all",
                "enable.idempotence": True,
                # A record that is not delivered must not be overtaken by those behind it.
                "enable.gapless.guarantee": True,
                "message.timeout.ms": config.timeout_ms,
                "message.max.bytes": RECORD_BYTES_MAX,
                "batch.size": 1 << 20,
                "linger.ms": 0,
                "error_cb": self._note,
            }
        )
        self._answers: list[int] = []
        self._failure: LogError | None = None
        self._awaited = 0

    def send(self, value: bytes, headers: Headers) -> None:
        while True:
            try:
                self._producer.produce(
                    self._topic,
                    value,
                    partition=PARTITION,
                    headers=list(headers),
                    on_delivery=self._delivered,
                )
                break
            except BufferError:  # Its queue is full: let some of it go first.
                self._producer.poll(_POLL_S)
            except KafkaException as error:
                raise _typed(error.args[0], self._topic) from error
        self._awaited += 1

    def flush(self) -> list[int]:
        while len(self._answers) < self._awaited and self._failure is None:
            self._producer.poll(_POLL_S)
            if self._refused is not None:
                raise self._refused
        if self._failure is not None:
            raise self._failure
        offsets, self._answers, self._awaited = self._answers, [], 0
        return offsets

    def close(self) -> None:
        self._producer.purge()
        self._producer.flush(_POLL_S)

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self._answers.append(_offset(message))
        elif self._failure is None:
            self._failure = _typed(error, self._topic)

    def _note(self, error: KafkaError) -> None:
        self._refused = self._refused or _refusal(error, self._topic)


class ConfluentConsumer:
    """It implements ``events.backends.kafka.clients.port.Consumer``."""

    def __init__(self, config: KafkaConfig, topic: str, *, following: bool) -> None:
        self._topic: Final = topic
        self._timeout_s: Final = config.timeout_s
        self._refused: NotAllowed | None = None
        settings = {
            **_connection(config),
            "group.id": f"{config.prefix}.reader",  # Asked for, and never joined.
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "enable.partition.eof": True,
            "check.crcs": True,
            "fetch.wait.max.ms": _FOLLOWED_MS if following else _LOOKED_UP_MS,
            "fetch.queue.backoff.ms": 1,  # By default a full queue is left to run dry for a second.
            "fetch.max.bytes": 2 * RECORD_BYTES_MAX,
            "max.partition.fetch.bytes": 4 << 20,
            "receive.message.max.bytes": 3 * RECORD_BYTES_MAX,
            "allow.auto.create.topics": False,
            "error_cb": self._note,
        }
        self._consumer: Final = RdConsumer(settings)
        # A broker answers a connection in turn, so a question would wait behind an open fetch.
        self._asking: Final = RdConsumer(settings)
        self._next = -1
        self._ahead: Final[deque[Message]] = deque()

    def bounds(self) -> tuple[int, int]:
        deadline = monotonic() + self._timeout_s
        while True:
            try:
                begin, end = self._asking.get_watermark_offsets(
                    TopicPartition(self._topic, PARTITION), timeout=min(1.0, self._timeout_s)
                )
                return int(begin), int(end)
            except KafkaException as error:
                self._asking.poll(0)  # Hears what the connection has to say.
                if self._refused is not None:
                    raise self._refused from error
                fault = _typed(error.args[0], self._topic)
                if not isinstance(fault, Unreachable) or monotonic() > deadline:
                    raise fault from error

    def read(self, start: int, end: int) -> Iterator[Record]:
        if start >= end:
            return
        self._go_to(start)
        while self._next < end:
            if not self._ahead:
                self._ahead.extend(self._page(end - self._next))
            yield from self._taken()

    def arrived(self, start: int) -> Iterator[Record]:
        self._go_to(start)
        if not self._ahead:
            self._ahead.extend(self._consumer.consume(_PAGE, timeout=0))
        if self._refused is not None:
            raise self._refused
        while self._ahead:
            yield from self._taken()

    def _go_to(self, start: int) -> None:
        if start != self._next:
            self._consumer.assign([TopicPartition(self._topic, PARTITION, start)])
            self._ahead.clear()
            self._next = start

    def _taken(self) -> Iterator[Record]:
        """The next record of those that are here, unless it is none."""
        message = self._ahead.popleft()
        offset = _offset_of(message, self._topic)
        if offset is None:
            return
        if message.error() is not None:  # The end, which may stand behind a gap.
            self._next = max(self._next, offset)
            return
        self._next = offset + 1
        yield _record(message, offset)

    def _page(self, count: int) -> list[Message]:
        deadline = monotonic() + self._timeout_s
        while monotonic() < deadline:
            # Records are worked on while more of them arrive: only for the first is waited.
            page = self._consumer.consume(1, timeout=_POLL_S)
            if page:
                return page + self._consumer.consume(min(_PAGE, count) - 1, timeout=0)
            if self._refused is not None:
                raise self._refused
        raise Unreachable(f"kafka: {self._topic}: nothing came in {self._timeout_s:g} s")

    def rest(self) -> None:
        self._consumer.unassign()
        self._ahead.clear()
        self._next = -1

    def close(self) -> None:
        self._consumer.close()
        self._asking.close()

    def _note(self, error: KafkaError) -> None:
        self._refused = self._refused or _refusal(error, self._topic)


def _offset_of(message: Message, topic: str) -> int | None:
    """Where a record, or the end, is; ``None`` for a fault that the client itself gets over."""
    error = message.error()
    if error is None or error.name() == "_PARTITION_EOF":
        return _offset(message)
    fault = _typed(error, topic)
    if isinstance(fault, Unreachable):
        return None
    raise fault


def _record(message: Message, offset: int) -> Record:
    # The stubs also know forms that only a producer is given.
    pairs = cast("list[tuple[str, bytes | None]]", message.headers() or [])
    headers = {name: value or b"" for name, value in pairs}
    return Record(offset, headers, message.value() or b"")


def _offset(message: Message) -> int:
    offset = message.offset()
    assert offset is not None, "what is stored has an offset"
    return offset


def _typed(error: KafkaError, topic: str) -> LogError:
    fault = _BY_NAME.get(error.name(), LogError)
    return fault(f"kafka: {topic}: {error.str()}")


def _refusal(error: KafkaError, topic: str) -> NotAllowed | None:
    fault = _typed(error, topic)
    return fault if isinstance(fault, NotAllowed) else None


def _connection(config: KafkaConfig) -> dict[str, object]:
    security = config.security
    settings: dict[str, object] = {
        "bootstrap.servers": config.bootstrap,
        "security.protocol": security.protocol,
        "client.id": "wakeline",
        "log.connection.close": False,
        "log_level": 0,  # What matters comes as an error; its log would go to standard error.
        "reconnect.backoff.max.ms": 1_000,
    }
    if security.tls:
        files = {
            "ssl.ca.location": security.ca_file,
            "ssl.certificate.location": security.certificate_file,
            "ssl.key.location": security.key_file,
        }
        settings.update({name: path for name, path in files.items() if path})
    if security.sasl:
        settings["sasl.mechanism"] = security.mechanism
        settings["sasl.username"] = security.username
        settings["sasl.password"] = security.password()
    return settings
