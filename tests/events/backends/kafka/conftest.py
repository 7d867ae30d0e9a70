"""The session's broker, for every test here."""

from tests.support.kafka import cluster, kafka_bootstrap, kafka_config

__all__ = ["cluster", "kafka_bootstrap", "kafka_config"]
