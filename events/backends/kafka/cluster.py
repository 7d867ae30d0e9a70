"""One cluster as the logs use it: its topics, connections that are used again, its quarantine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from events.backends.kafka.clients.connecting import RealConnections
from events.backends.kafka.clients.port import Connections, Consumer, Producer
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.idle import IdleConsumers
from events.backends.kafka.quarantine import Quarantine
from events.errors import LogError


class Cluster:
    """Nothing is connected before it is needed. Threads may share one.

    Args:
        connections: how it is reached, if not as the configuration says.
    """

    def __init__(self, config: KafkaConfig, connections: Connections | None = None) -> None:
        self.config: Final = config
        self._connections: Final = connections or RealConnections(config)
        self.topics: Final = self._connections.topics
        self.quarantine: Final = Quarantine(config)
        self._idle: Final = IdleConsumers()

    def producer(self, topic: str) -> Producer:
        """A connection that writes a topic."""
        return self._connections.producer(topic)

    @contextmanager
    def reading(self, topic: str, *, following: bool = False) -> Iterator[Consumer]:
        """A connection that reads a topic, for the block alone.

        Args:
            following: for one that goes on where it ended. Who only looks something up gets
                another, because to send one elsewhere throws away what it has fetched ahead.

        Raises:
            NotFound, WrongSettings: see ``Topics.check``.
        """
        self.topics.check(topic)
        use = (topic, following)
        consumer = self._idle.take(use) or self._connections.consumer(topic, following=following)
        try:
            yield consumer
        except LogError:
            consumer.close()
            raise
        except BaseException:
            self._idle.keep(use, consumer)
            raise
        self._idle.keep(use, consumer)

    def close(self) -> None:
        """Disconnect what is idle."""
        self._idle.close()
