"""The client in Python: it administers topics, and writes batches about as fast as the other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka import KafkaProducer
from kafka import errors as faults

from events.backends.kafka.clients.port import PARTITION, RECORD_BYTES_MAX, Headers
from events.backends.kafka.config import KafkaConfig
from events.errors import Corrupt, DiskFull, LogError, NotAllowed, NotFound, Unreachable

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
