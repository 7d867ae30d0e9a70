"""One cluster as the logs use it: its topics, connections that are used again, its quarantine."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from events.backends.kafka.clients.connecting import RealConnections
from events.backends.kafka.clients.port import Connections, Consumer, Producer
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.quarantine import Quarantine
from events.errors import LogError

_IDLE_MAX: Final = 2


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
        self._idle: Final[defaultdict[tuple[str, bool], list[Consumer]]] = defaultdict(list)
        self._lock: Final = Lock()

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
        with self._lock:
            idle = self._idle[topic, following]
            consumer = idle.pop() if idle else None
        consumer = consumer or self._connections.consumer(topic)
        try:
            yield consumer
        except LogError:
            consumer.close()
            raise
        except BaseException:
            self._keep(idle, consumer)
            raise
        self._keep(idle, consumer)

    def close(self) -> None:
        """Disconnect what is idle."""
        with self._lock:
            consumers = [each for idle in self._idle.values() for each in idle]
            self._idle.clear()
        for consumer in consumers:
            consumer.close()

    def _keep(self, idle: list[Consumer], consumer: Consumer) -> None:
        with self._lock:
            if len(idle) < _IDLE_MAX:
                idle.append(consumer)
                return
        consumer.close()
