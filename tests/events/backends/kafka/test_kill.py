"""Real processes and a real broker, killed while they work: what was acknowledged stays, once."""

import os
import signal
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.market_log import KafkaMarketLog
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.errors import Unreachable
from events.journal import Journal
from runtime.kafka.broker import LocalBroker
from runtime.kafka.settings import BrokerPorts
from tests.contracts.kill import kill_while_writing, writing
from tests.contracts.market_log import SOURCE
from tests.events.backends.kafka import places
from tests.support.batches import numbers_in
from tests.support.kafka import own_broker
from tests.support.steps import append_steps
from tests.support.waiting import wait_until

PLACES = "tests.events.backends.kafka.places"
SEEDS = range(3)


def test_a_killed_market_writer_loses_nothing_that_was_acknowledged(
    cluster: Cluster, tmp_path: Path
) -> None:
    place = places.place(tmp_path, cluster.config)
    log = KafkaMarketLog(cluster)
    for seed in SEEDS:
        acknowledged = kill_while_writing("market_log", f"{PLACES}:market_log", place, seed)

        with log.open(SOURCE) as successor:
            end = successor.next_seq
            assert successor.checkpoint == str(end).encode()
        assert end >= acknowledged > 0
        assert numbers_in(list(log.read(SOURCE))) == list(range(end))


def test_a_killed_journal_writer_loses_nothing_that_was_acknowledged(
    cluster: Cluster, tmp_path: Path
) -> None:
    place = places.place(tmp_path, cluster.config)
    journal = places.journal_in(cluster)
    for seed in SEEDS:
        acknowledged = kill_while_writing("journal", f"{PLACES}:journal", place, seed)

        with journal.open() as successor:
            assert successor.head.next_seq >= acknowledged > 0
            assert successor.head.epoch == 1 + 2 * seed
            append_steps(successor, 1, epoch=2 + 2 * seed)
        assert_every_step_is_whole(journal)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_broker_comes_back_with_everything_that_was_acknowledged(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    with own_broker(tmp_path / "kafka") as broker:
        status = broker.status()
        assert status.pid is not None
        assert status.bootstrap is not None
        config = KafkaConfig(bootstrap=status.bootstrap, prefix="t", timeout_s=30)
        place = places.place(tmp_path, config)
        with writing("journal", f"{PLACES}:journal", place, seed) as acknowledged:
            said = [acknowledged.readline() for _ in range(chance.randint(1, 10))]
            time.sleep(chance.uniform(0, 0.02))
            os.kill(status.pid, signal.SIGKILL)
            wait_until(lambda: not broker.status().running)
            broker.up(ports_of(tmp_path / "kafka"), lambda _: None)
            # The writer was in the middle of a flush, and goes on with it.
            said += [acknowledged.readline() for _ in range(5)]
        with closing(Cluster(config)) as cluster:
            journal = places.journal_in(cluster)
            with journal.open() as successor:
                assert successor.head.next_seq >= int(said[-1]) > 0
                append_steps(successor, 1, epoch=2)
            assert_every_step_is_whole(journal)


def test_a_broker_that_stays_away_ends_the_writer_in_time_and_loses_nothing(
    tmp_path: Path,
) -> None:
    with own_broker(tmp_path / "kafka") as broker, closing(brief(broker)) as cluster:
        journal, log = places.journal_in(cluster), KafkaMarketLog(cluster)
        writer = journal.open()
        append_steps(writer, 3)
        writer.flush()
        broker.down()

        began = time.monotonic()
        append_steps(writer, 1)
        for _ in range(2):
            with pytest.raises(Unreachable):
                writer.flush()
        for question in (journal.end, lambda: list(journal.records()), log.sources):
            with pytest.raises(Unreachable):
                question()
        assert time.monotonic() - began < 20
        assert writer.durable_seq == 2

        broker.up(ports_of(tmp_path / "kafka"), lambda _: None)
        with pytest.raises(Unreachable):
            append_steps(writer, 1)
        with journal.open() as successor:
            assert successor.head.next_seq in {3, 4}, "a time-out is an unknown, not a failure"
            append_steps(successor, 1, epoch=2)
        assert_every_step_is_whole(journal)


def brief(broker: LocalBroker) -> Cluster:
    """A cluster that is not waited for."""
    bootstrap = broker.status().bootstrap
    assert bootstrap is not None
    return Cluster(KafkaConfig(bootstrap=bootstrap, prefix="t", timeout_s=2))


def ports_of(folder: Path) -> BrokerPorts:
    """The ports that a broker had."""
    lines = (folder / "server.properties").read_text().splitlines()
    listeners = dict(line.partition("=")[::2] for line in lines)["listeners"]
    clients, controller = (int(each.rpartition(":")[2]) for each in listeners.split(","))
    return BrokerPorts(clients=clients, controller=controller)


def assert_every_step_is_whole(journal: Journal) -> None:
    records = list(journal.records())
    assert verify_chain(records) is None
    for number, record in enumerate(records):
        step = decode_step(record.body)
        assert (step.seq, step.input.payload.KIND) == (number, "market.bar")
        assert len(step.outputs) == 1
