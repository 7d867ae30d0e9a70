"""The client in Python: as fast as the other one on batches, and what administers topics."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka import errors as faults

from events.backends.kafka.clients.port import PARTITION, RECORD_BYTES_MAX, Headers, Record
from events.backends.kafka.config import KafkaConfig
from events.errors import Corrupt, DiskFull, LogError, NotAllowed, NotFound, Unreachable

_POLL_MS: Final = 100
_PAGE: Final = 500

_BY_KIND: Final[tuple[tuple[type[Exception], type[LogError]], ...]] = (
    (faults.KafkaStorageError, DiskFull),
    (faults.UnknownTopicOrPartitionError, NotFound),
    (faults.OffsetOutOfRangeError, Corrupt),
    (faults.NoOffsetForPartitionError, Corrupt),
    (faults.CorruptRecordError, Corrupt),
    (faults.TopicAuthorizationFailedError, NotAllowed),
    (faults.ClusterAuthorizationFailedError, NotAllowed),
    (faults.SaslAuthenticationFailedError, NotAllowed),
    (faults.KafkaTimeoutError, Unreachable),
    (faults.KafkaConnectionError, Unreachable),
    (faults.RetriableError, Unreachable),
)


class KafkaPythonProducer:
    """It implements ``events.backends.kafka.clients.port.Producer``."""

    def __init__(self, config: KafkaConfig, topic: str) -> None:
        self._topic: Final = topic
        self._timeout_s: Final = config.timeout_s
        self._sent: list[Any] = []
        with typed_errors(topic):
            self._producer: Final = KafkaProducer(
                **connection(config),
                acks="all",
                enable_idempotence=True,
                delivery_timeout_ms=config.timeout_ms,
                request_timeout_ms=max(1, config.timeout_ms // 2),
                max_block_ms=config.timeout_ms,
                max_request_size=RECORD_BYTES_MAX,
                batch_size=1 << 20,
                linger_ms=0,
                allow_auto_create_topics=False,
            )

    def send(self, value: bytes, headers: Headers) -> None:
        with typed_errors(self._topic):
            future = self._producer.send(
                self._topic, value, headers=list(headers), partition=PARTITION
            )
        self._sent.append(future)

    def flush(self) -> list[int]:
        sent, self._sent = self._sent, []
        with typed_errors(self._topic):
            return [int(future.get(self._timeout_s + 1).offset) for future in sent]

    def close(self) -> None:
        self._producer.close(timeout=0)


class KafkaPythonConsumer:
    """It implements ``events.backends.kafka.clients.port.Consumer``."""

    def __init__(self, config: KafkaConfig, topic: str) -> None:
        self._topic: Final = topic
        self._timeout_s: Final = config.timeout_s
        self._partition: Final = TopicPartition(topic, PARTITION)
        self._next = -1
        self._ahead: Final[deque[Any]] = deque()
        with typed_errors(topic):
            self._consumer: Final = KafkaConsumer(
                **connection(config),
                auto_offset_reset="none",
                enable_auto_commit=False,
                check_crcs=True,
                fetch_max_wait_ms=20,
                fetch_max_bytes=2 * RECORD_BYTES_MAX,
                max_partition_fetch_bytes=4 << 20,
                allow_auto_create_topics=False,
            )
            if self._consumer.partitions_for_topic(topic) is None:
                self._consumer.close()
                raise NotFound(f"kafka: {topic}: there is no such topic")
            self._consumer.assign([self._partition])

    def bounds(self) -> tuple[int, int]:
        with typed_errors(self._topic):
            begin = self._consumer.beginning_offsets([self._partition])[self._partition]
            end = self._consumer.end_offsets([self._partition])[self._partition]
        return int(begin), int(end)

    def read(self, start: int, end: int) -> Iterator[Record]:
        if start >= end:
            return
        if start != self._next:
            self._consumer.seek(self._partition, start)
            self._ahead.clear()
            self._next = start
        while self._next < end:
            if not self._ahead and not self._read_ahead(end - self._next):
                self._next = end  # What is left are no records, but marks that Kafka makes.
                return
            stored = self._ahead.popleft()
            self._next = stored.offset + 1
            headers = {name: value or b"" for name, value in stored.headers}
            yield Record(stored.offset, headers, stored.value or b"")

    def _read_ahead(self, count: int) -> bool:
        """Have records to give; false when there is none before the place that was read to."""
        deadline = monotonic() + self._timeout_s
        while monotonic() < deadline:
            with typed_errors(self._topic):
                pages = self._consumer.poll(_POLL_MS, max_records=min(_PAGE, count))
                if pages:
                    self._ahead.extend(pages[self._partition])
                    return True
                if self._consumer.position(self._partition) >= self._next + count:
                    return False
        raise Unreachable(f"kafka: {self._topic}: nothing came in {self._timeout_s:g} s")

    def close(self) -> None:
        self._consumer.close(autocommit=False)


@contextmanager
def typed_errors(topic: str) -> Iterator[None]:
    """Raise every error of the client as a ``LogError`` that names the topic."""
    try:
        yield
    except faults.KafkaError as error:
        kinds = (fault for kind, fault in _BY_KIND if isinstance(error, kind))
        raise next(kinds, LogError)(f"kafka: {topic}: {_said(error)}") from error


def _said(error: faults.KafkaError) -> str:
    # Where the other client says that a password is wrong, this one only waits in vain.
    return f"{error} (or it does not let us in)" if "bootstrap" in str(error) else str(error)


def connection(config: KafkaConfig) -> Mapping[str, Any]:
    """What every object of this client is told about the cluster."""
    security = config.security
    settings: dict[str, Any] = {
        "bootstrap_servers": config.bootstrap.split(","),
        "bootstrap_timeout_ms": config.timeout_ms,
        "security_protocol": security.protocol,
        "client_id": "wakeline",
        "reconnect_backoff_max_ms": 1_000,
    }
    if security.tls:
        settings["ssl_cafile"] = security.ca_file or None
        settings["ssl_certfile"] = security.certificate_file or None
        settings["ssl_keyfile"] = security.key_file or None
    if security.sasl:
        settings["sasl_mechanism"] = security.mechanism
        settings["sasl_plain_username"] = security.username
        settings["sasl_plain_password"] = security.password()
    return settings
