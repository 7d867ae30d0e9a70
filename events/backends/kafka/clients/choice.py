"""Which client does what: see decision 0013. Each is imported when it is first needed."""

from collections.abc import Iterator
from contextlib import contextmanager

from events.backends.kafka.clients.port import Client, Consumer, Producer
from events.backends.kafka.config import KafkaConfig
from schemas.errors import UserError


def producer(client: Client, config: KafkaConfig, topic: str) -> Producer:
    """A connection that writes a topic."""
    with installed():
        if client is Client.BATCHES:
            from events.backends.kafka.clients.kafka_python import KafkaPythonProducer

            return KafkaPythonProducer(config, topic)
        from events.backends.kafka.clients.confluent import ConfluentProducer

        return ConfluentProducer(config, topic)


def consumer(config: KafkaConfig, topic: str) -> Consumer:
    """A connection that reads a topic."""
    with installed():
        from events.backends.kafka.clients.confluent import ConfluentConsumer

        return ConfluentConsumer(config, topic)


@contextmanager
def installed() -> Iterator[None]:
    """The clients are optional; who asks for Kafka without them is told what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"kafka: the package {error.name} is not installed: pip install 'wakeline[kafka]'"
        ) from error
