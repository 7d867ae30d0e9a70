"""A broker whose disk is really full: it dies of it, and comes back with what it acknowledged."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.chain import verify_chain
from events.errors import LogError
from tests.contracts.journal import append_until_it_fails
from tests.events.backends.kafka import places
from tests.events.backends.kafka.test_kill import ports_of
from tests.support.kafka import own_broker
from tests.support.steps import append_steps


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 40 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.getuid() != 0 or _mount("-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)):
        pytest.skip("may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _mount(*arguments: str) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def test_a_full_disk_of_the_broker_costs_nothing_that_was_acknowledged(
    tmp_path: Path, small_disk: Path
) -> None:
    with own_broker(tmp_path / "kafka", {"log.dirs": str(small_disk / "data")}) as broker:
        bootstrap = broker.status().bootstrap
        assert bootstrap is not None
        config = KafkaConfig(bootstrap=bootstrap, prefix="t", timeout_s=5)
        with closing(Cluster(config)) as cluster:
            journal = places.journal_in(cluster)
            writer = journal.open()
            began = time.monotonic()
            with pytest.raises(LogError):
                append_until_it_fails(writer)
            acknowledged = writer.durable_seq
            with pytest.raises(LogError):
                writer.flush()
            assert acknowledged > 0
            assert time.monotonic() - began < 60

            broker.down()
            assert not _mount("-o", "remount,size=200m", str(small_disk))
            same = {"log.dirs": str(small_disk / "data")}
            broker.up(ports_of(tmp_path / "kafka"), lambda _: None, same)
            with journal.open() as successor:
                assert successor.head.next_seq > acknowledged
                append_steps(successor, 1, epoch=2)
            assert verify_chain(journal.records()) is None
        broker.down()
