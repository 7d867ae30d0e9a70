"""A topic as anybody else may treat it."""

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic

from events.backends.kafka.clients.confluent import ConfluentConsumer
from events.backends.kafka.clients.kafka_python import connection
from events.backends.kafka.clients.port import Headers, Record
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.topics import required_settings


def write(config: KafkaConfig, topic: str, *values: bytes, headers: Headers = ()) -> int:
    """Write as a stranger; the last offset comes back."""
    producer = KafkaProducer(**connection(config), acks="all", enable_idempotence=False)
    try:
        answers = [producer.send(topic, value, headers=list(headers)) for value in values]
        return int(answers[-1].get(10).offset)
    finally:
        producer.close()


def records(config: KafkaConfig, topic: str) -> list[Record]:
    """Everything that is stored, whether it counts or not."""
    reader = ConfluentConsumer(config, topic, following=False)
    try:
        return list(reader.read(*reader.bounds()))
    finally:
        reader.close()


def create(config: KafkaConfig, topic: str, *, partitions: int = 1, **settings: str) -> None:
    """Make a topic as ours are, but for some settings (dots as underscores)."""
    changed = {name.replace("_", "."): value for name, value in settings.items()}
    new = NewTopic(topic, partitions, 1, topic_configs={**required_settings(config), **changed})
    admin = KafkaAdminClient(**connection(config))
    try:
        admin.create_topics([new], wait_for_metadata=True)
    finally:
        admin.close()


def delete(config: KafkaConfig, topic: str) -> None:
    """Delete a topic."""
    admin = KafkaAdminClient(**connection(config))
    try:
        admin.delete_topics([topic])
    finally:
        admin.close()


def truncate(config: KafkaConfig, topic: str, before: int) -> None:
    """Delete the records before an offset, as retention does."""
    from kafka import TopicPartition

    admin = KafkaAdminClient(**connection(config))
    try:
        admin.delete_records({TopicPartition(topic, 0): before})
    finally:
        admin.close()
