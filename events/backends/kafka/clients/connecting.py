"""The real connections: each is made, and its client imported, when it is asked for."""

from typing import Final

from events.backends.kafka.clients.installed import installed
from events.backends.kafka.clients.port import Consumer, Producer
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.topics import Topics


class RealConnections:
    """It implements ``events.backends.kafka.clients.port.Connections``."""

    def __init__(self, config: KafkaConfig) -> None:
        self._config: Final = config
        self.topics: Final = Topics(config)

    def producer(self, topic: str) -> Producer:
        with installed():
            from events.backends.kafka.clients.confluent import ConfluentProducer

            return ConfluentProducer(self._config, topic)

    def consumer(self, topic: str, *, following: bool) -> Consumer:
        with installed():
            from events.backends.kafka.clients.confluent import ConfluentConsumer

            return ConfluentConsumer(self._config, topic, following=following)
