"""One writer counts: what a replaced one still gets in is nobody's, and it learns of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.market_log import KafkaMarketLog
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.errors import Fenced
from events.journal import Journal
from tests.contracts.kill import ROOT
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.kafka import places, topic
from tests.support.batches import numbers_in
from tests.support.steps import append_steps


def epochs(journal: Journal) -> list[int]:
    return [decode_step(record.body).epoch for record in journal.records()]


def test_a_replaced_writer_is_told_who_took_over_and_its_steps_are_seen_by_nobody(
    cluster: Cluster,
) -> None:
    journal = places.journal_in(cluster)
    zombie = journal.open()
    append_steps(zombie, 2, epoch=1)
    zombie.flush()
    append_steps(zombie, 3, epoch=1)

    with journal.open() as successor:
        with pytest.raises(Fenced, match=rf"process {os.getpid()} on .* took over"):
            zombie.flush()
        assert epochs(journal) == [1, 1]
        append_steps(successor, 2, epoch=2)
    assert epochs(journal) == [1, 1, 2, 2]
    assert verify_chain(journal.records()) is None


def test_a_replaced_writer_does_nothing_ever_again(cluster: Cluster) -> None:
    journal = places.journal_in(cluster)
    zombie = journal.open()
    append_steps(zombie, 1)
    with journal.open() as successor:
        with pytest.raises(Fenced):
            zombie.flush()
        append_steps(successor, 1, epoch=2)
        for _ in range(2):
            with pytest.raises(Fenced):
                zombie.flush()
            with pytest.raises(Fenced):
                append_steps(zombie, 1)
    zombie.close()
    assert (zombie.durable_seq, epochs(journal)) == (-1, [2])


def test_what_was_under_way_counts_before_the_new_claim_and_not_behind_it(
    cluster: Cluster, kafka_config: KafkaConfig
) -> None:
    journal = places.journal_in(cluster)
    zombie = journal.open()
    append_steps(zombie, 2, epoch=1)
    zombie._pack()
    # It reaches the broker, and the zombie stops before the answer reaches it.
    zombie._entries._write()
    append_steps(zombie, 5, epoch=1)

    successor = journal.open()
    assert successor.head.next_seq == 2, "the successor finds what was in the topic before it"
    with pytest.raises(Fenced):
        zombie.flush()

    stored = topic.records(kafka_config, places.JOURNAL.format(kafka_config.prefix))
    kinds = [record.headers["wakeline"] for record in stored]
    assert kinds == [b"claim", b"steps", b"claim", b"steps"], "the broker had taken it"
    assert [record.headers.get("at") for record in stored[1::2]] == [b"1", b"2"]
    assert epochs(journal) == [1, 1]
    append_steps(successor, 1, epoch=2)
    successor.close()
    assert epochs(journal) == [1, 1, 2]
    assert verify_chain(journal.records()) is None


def test_of_two_that_open_at_once_the_later_one_writes(cluster: Cluster) -> None:
    journal = places.journal_in(cluster)
    writers = [journal.open() for _ in range(3)]
    for number, writer in enumerate(writers):
        append_steps(writer, 1, epoch=number + 1)
    for writer in writers[:2]:
        with pytest.raises(Fenced):
            writer.flush()
    writers[2].close()
    assert epochs(journal) == [3]


def test_a_replaced_feed_is_fenced_as_well(cluster: Cluster) -> None:
    log = KafkaMarketLog(cluster)
    zombie = log.open(SOURCE)
    append(zombie, 3)
    zombie.flush()
    append(zombie, 4)
    with log.open(SOURCE) as successor:
        with pytest.raises(Fenced):
            zombie.flush()
        assert (successor.next_seq, successor.checkpoint) == (3, b"3")
        append(successor, 2)
        with pytest.raises(Fenced):
            zombie.seal()
    assert numbers_in(list(log.read(SOURCE))) == list(range(5))
    assert not log.sealed(SOURCE)


def test_a_stopped_process_that_wakes_after_it_was_replaced_acknowledges_nothing_more(
    cluster: Cluster, tmp_path: Path
) -> None:
    place = places.place(tmp_path, cluster.config)
    journal = places.journal_in(cluster)
    module = "tests.contracts.victim"
    named = f"{places.__name__}:journal"
    command = [sys.executable, "-m", module, "journal", named, str(place), "3"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as zombie:
        assert zombie.stdout is not None
        for _ in range(5):
            zombie.stdout.readline()
        zombie.send_signal(signal.SIGSTOP)
        with journal.open() as successor:
            end = successor.head.next_seq
            append_steps(successor, 4, epoch=9)
            successor.flush()
            zombie.send_signal(signal.SIGCONT)
            acknowledged, complaint = zombie.communicate(timeout=60)
            append_steps(successor, 1, epoch=9)

    assert "events.errors.Fenced" in complaint
    assert all(int(line) <= end for line in acknowledged.splitlines())
    assert epochs(journal) == [1] * end + [9] * 5
    assert verify_chain(journal.records()) is None
