"""The same day wherever the logs are: in memory and in Kafka, as in files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from events.backends.kafka.config import KafkaConfig
from runtime.backends import Backend, JournalConfig, MemoryBackend
from runtime.hosts.inline.programs import InlineHost
from runtime.hosts.pykka.host import PykkaHost
from runtime.replaying import verify
from runtime.supervision.worker import Host
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import INTERVAL_MS, System, home_at, topology
from tests.runtime.programs.days import hash_of_backtest
from tests.support.kafka import kafka_bootstrap, kafka_config

__all__ = ["kafka_bootstrap", "kafka_config"]

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(200)]

type Threads = Callable[[Backend], Host]


@pytest.mark.parametrize(
    "threads",
    [InlineHost, lambda memory: PykkaHost(INTERVAL_MS, bound=16, backend=memory)],
    ids=["inline", "pykka"],
)
def test_a_day_in_memory_decides_what_the_backtest_decides(
    threads: Threads, tmp_path: Path
) -> None:
    memory = MemoryBackend()
    host = threads(memory)
    held = JournalConfig(backend="memory")
    ran = System(home_at(tmp_path / "home"), host, topology(journal=held), memory=memory)
    ran.supervisor.launch()
    assert ran.supervisor.run(0.005) == "finished"
    assert ran.decision_hash() == hash_of_backtest()
    host.close()


def test_a_day_in_kafka_decides_what_the_backtest_decides_and_verifies(
    system: Build, kafka_config: KafkaConfig
) -> None:
    held = JournalConfig(backend="kafka", kafka=kafka_config)
    ran = system(topology(journal=held))
    ran.supervisor.launch()
    assert ran.supervisor.run(0.005) == "finished"
    assert ran.decision_hash() == hash_of_backtest()
    assert verify(ran.home, ran.home.run_dir(ran.run)).verdict.identical
