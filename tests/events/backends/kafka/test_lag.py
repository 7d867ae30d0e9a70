from contextlib import closing

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.lag import ingress_lag, log_lag
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.names import ingress_topic, market_topic
from tests.contracts.ingress import GATEWAY, post
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.kafka import places
from tests.support.steps import append_steps


def test_the_lag_of_a_reader_is_what_is_durable_and_was_not_read(cluster: Cluster) -> None:
    with places.journal_in(cluster).open() as writer:
        topic = places.JOURNAL.format(cluster.config.prefix)
        append_steps(writer, 5)
        assert log_lag(cluster, topic, read=0).behind == 0
        writer.flush()
        assert [log_lag(cluster, topic, read).behind for read in (0, 3, 5)] == [5, 2, 0]
    with KafkaMarketLog(cluster).open(SOURCE) as feed:
        append(feed, 30, 12)
    assert log_lag(cluster, market_topic(cluster.config, SOURCE), read=30).behind == 12


def test_the_lag_of_a_cell_is_what_was_posted_and_not_polled(cluster: Cluster) -> None:
    topic = ingress_topic(cluster.config, "fxcm")
    with closing(KafkaIngress(cluster, topic)) as ingress:
        post(ingress, GATEWAY, 0, 1, 2)
        (first,) = ingress.poll(0, 1)
    assert ingress_lag(cluster, topic, first.position + 1).behind == 2
