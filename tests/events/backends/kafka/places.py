"""Logs in a name space of a broker, for tests here and for programs that a test starts and kills.

A place is the file that holds the configuration, as JSON.
"""

from pathlib import Path

import msgspec

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.journal import KafkaJournal
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.names import journal_topic


def place(folder: Path, config: KafkaConfig) -> Path:
    """Note a configuration where a program finds it."""
    path = folder / "kafka.json"
    path.write_bytes(msgspec.json.encode(config))
    return path


def cluster(path: str) -> Cluster:
    """The cluster of a place."""
    return Cluster(msgspec.json.decode(Path(path).read_bytes(), type=KafkaConfig))


def market_log(path: str) -> KafkaMarketLog:
    """The market log of a place."""
    return KafkaMarketLog(cluster(path))


def journal(path: str) -> KafkaJournal:
    """The journal of a place."""
    return journal_in(cluster(path))


JOURNAL = "{}.cell.fxcm.run-1"
"""Its topic, by the prefix."""


def journal_in(cluster: Cluster) -> KafkaJournal:
    """The journal of a cluster that tests write."""
    return KafkaJournal(cluster, journal_topic(cluster.config, "fxcm", "run-1"))
