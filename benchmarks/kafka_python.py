"""kafka-python as a producer, to be measured beside the client that the logs write with."""

from typing import Any, Final

from kafka import KafkaProducer

from events.backends.kafka.clients.kafka_python import connection
from events.backends.kafka.clients.port import PARTITION, RECORD_BYTES_MAX, Headers
from events.backends.kafka.config import KafkaConfig


class KafkaPythonProducer:
    """It implements ``events.backends.kafka.clients.port.Producer``, but for its errors."""

    def __init__(self, config: KafkaConfig, topic: str) -> None:
        self._topic: Final = topic
        self._timeout_s: Final = config.timeout_s
        self._sent: list[Any] = []
        self._producer: Final = KafkaProducer(
            **connection(config),
            acks="all",
            enable_idempotence=True,
            max_request_size=RECORD_BYTES_MAX,
            batch_size=1 << 20,
            linger_ms=0,
            allow_auto_create_topics=False,
        )

    def send(self, value: bytes, headers: Headers) -> None:
        self._sent.append(
            self._producer.send(self._topic, value, headers=list(headers), partition=PARTITION)
        )

    def flush(self) -> list[int]:
        sent, self._sent = self._sent, []
        return [int(future.get(self._timeout_s).offset) for future in sent]

    def close(self) -> None:
        self._producer.close(timeout=0)
