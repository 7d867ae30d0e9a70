"""The three kinds of log on Kafka enrol in the contracts of their ports."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.names import ingress_topic
from events.ingress import Ingress
from events.market_log import MarketWriter
from tests.contracts import journal as journals
from tests.contracts import market_log as market_logs
from tests.contracts.ingress import IngressContract
from tests.events.backends.kafka import faults, places


class TestKafkaMarketLog(market_logs.MarketLogContract, market_logs.LosesWhatIsNotFlushed):
    @pytest.fixture
    def backend(self, cluster: Cluster) -> market_logs.MarketBackend:
        def crash(_: str, writer: MarketWriter) -> None:
            faults.crash(writer)

        return market_logs.MarketBackend(
            log=KafkaMarketLog(cluster), crash=crash, fill_disk=faults.fill_disk
        )


class TestKafkaJournal(journals.JournalContract, journals.LosesWhatIsNotFlushed):
    @pytest.fixture
    def backend(self, cluster: Cluster) -> journals.JournalBackend:
        return journals.JournalBackend(
            journal=places.journal_in(cluster), crash=faults.crash, fill_disk=faults.fill_disk
        )


class TestKafkaIngress(IngressContract):
    @pytest.fixture
    def ingress(self, cluster: Cluster) -> Iterator[Ingress]:
        topic = ingress_topic(cluster.config, "fxcm")
        with closing(KafkaIngress(cluster, topic)) as ingress:
            yield ingress
