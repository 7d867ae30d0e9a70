"""Topics and what they are set to: made right, checked at every start, refused otherwise."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from events.backends.kafka.clients.installed import installed
from events.backends.kafka.clients.port import RECORD_BYTES_MAX
from events.backends.kafka.config import KafkaConfig
from events.errors import NotFound, WrongSettings

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

_log: Final = logging.getLogger(__name__)

_EXACTLY: Final[Mapping[str, str]] = {
    # Retention goes by a record's time or by size; both would delete history.
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    # Our times are in the envelope; Kafka refuses or deletes records by times that it did not give.
    "message.timestamp.type": "LogAppendTime",
    # A replica that lacks acknowledged records must never become the leader.
    "unclean.leader.election.enable": "false",
}


def required_settings(config: KafkaConfig) -> dict[str, str]:
    """What a topic of ours is made with."""
    return {
        **_EXACTLY,
        "min.insync.replicas": str(config.min_insync),
        "max.message.bytes": str(RECORD_BYTES_MAX),
    }


class Topics:
    """The topics of one cluster. It implements ``...kafka.clients.port.TopicKeeper``."""

    def __init__(self, config: KafkaConfig) -> None:
        self._config: Final = config
        self._right: Final[set[str]] = set()

    def require(self, topic: str) -> None:
        """Let a topic be there and set right; what was found right is not asked about again.

        Raises:
            NotFound: it is missing, and the configuration forbids to make it.
            WrongSettings: a setting is not what must hold; it is named.
        """
        if topic in self._right:
            return
        with self._admin(topic) as admin:
            if _described(admin, topic) is None:
                self._create(admin, topic)
            self._check(admin, topic)
        self._right.add(topic)

    def check(self, topic: str) -> None:
        """As ``require``, for a reader: nothing is made.

        Raises:
            NotFound: there is no such topic.
            WrongSettings: a setting is not what must hold; it is named.
        """
        if topic not in self._right:
            with self._admin(topic) as admin:
                self._check(admin, topic)
            self._right.add(topic)

    def named(self) -> list[str]:
        """All topics that this user may see."""
        with self._admin(self._config.bootstrap) as admin:
            return sorted(admin.list_topics())

    def _create(self, admin: "KafkaAdminClient", topic: str) -> None:
        from kafka.admin import NewTopic
        from kafka.errors import TopicAlreadyExistsError

        config = self._config
        if not config.create_topics:
            raise NotFound(f"kafka: {topic}: there is no such topic, and `create_topics` is off")
        settings = required_settings(config)
        new = NewTopic(topic, 1, config.replication, topic_configs=settings)
        try:
            admin.create_topics([new], timeout_ms=config.timeout_ms, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            return  # Somebody else made it a moment ago; it is checked as any other.
        if config.replication == 1:
            _log.warning(
                "kafka: %s has one copy: what is acknowledged survives the end of any process, "
                "but a power cut or a lost disk may take it",
                topic,
            )

    def _check(self, admin: "KafkaAdminClient", topic: str) -> None:
        from kafka.admin import ConfigResource, ConfigResourceType

        described = _described(admin, topic)
        if described is None:
            raise NotFound(f"kafka: {topic}: there is no such topic")
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        answer = admin.describe_configs([resource], config_filter="all")["topic"][topic]
        settings = {name: str(entry["value"]) for name, entry in answer.items()}
        settings["partitions"] = str(len(described))
        settings["replication factor"] = str(min(len(each["replica_nodes"]) for each in described))
        for name, found, wanted in _wrong(settings, self._config):
            raise WrongSettings(f"kafka: {topic}: its {name} is {found}, and must be {wanted}")

    @contextmanager
    def _admin(self, topic: str) -> Iterator["KafkaAdminClient"]:
        with installed():
            from kafka import KafkaAdminClient

            from events.backends.kafka.clients.kafka_python import connection, typed_errors
        with typed_errors(topic):
            admin = KafkaAdminClient(**connection(self._config))
            try:
                yield admin
            finally:
                admin.close()


def _described(admin: "KafkaAdminClient", topic: str) -> list[dict[str, Any]] | None:
    """The partitions of a topic, or ``None`` when there is no such topic."""
    (described,) = admin.describe_topics([topic])
    return described["partitions"] or None


def _wrong(settings: Mapping[str, str], config: KafkaConfig) -> Iterator[tuple[str, str, str]]:
    """Name, value and what it must be of every setting that could lose what is written."""
    for name, wanted in {**_EXACTLY, "partitions": "1"}.items():
        if settings[name] != wanted:
            yield name, settings[name], wanted
    at_least = {
        "min.insync.replicas": config.min_insync,
        "replication factor": config.replication,
        "max.message.bytes": RECORD_BYTES_MAX,
    }
    for name, least in at_least.items():
        if int(settings[name]) < least:
            yield name, settings[name], f"{least} or more"
