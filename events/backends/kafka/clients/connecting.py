"""The real connections: each is made when it is asked for."""

from typing import Final

from events.backends.kafka.clients import choice
from events.backends.kafka.clients.port import Client, Consumer, Producer
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.topics import Topics


class RealConnections:
    """It implements ``events.backends.kafka.clients.port.Connections``."""

    def __init__(self, config: KafkaConfig) -> None:
        self._config: Final = config
        self.topics: Final = Topics(config)

    def producer(self, topic: str, client: Client) -> Producer:
        return choice.producer(client, self._config, topic)

    def consumer(self, topic: str) -> Consumer:
        return choice.consumer(self._config, topic)
