"""Real faults under load where the logs are in Kafka, the broker's own death among them."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.backends.kafka.config import KafkaConfig
from runtime.backends import JournalConfig
from runtime.kafka.broker import LocalBroker
from runtime.kafka.settings import BrokerPorts
from runtime.topology import Topology
from tests.acceptance.audit import check_journal, check_tables
from tests.acceptance.program import Wakeline
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import System, topology
from tests.runtime.programs.days import hash_of_backtest
from tests.support.kafka import free_ports, own_broker
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(400)]

TIMEOUT_S = 4.0
LONG_S = 2 * TIMEOUT_S
"""Longer than anybody waits: those who need the broker fail meanwhile, and are replaced."""

ACTORS = ("files", "paper", "projector")


@pytest.fixture
def ports() -> BrokerPorts:
    """Where the broker is, and comes back."""
    return free_ports()


@pytest.fixture
def broker(tmp_path: Path, ports: BrokerPorts) -> Iterator[LocalBroker]:
    """A test's own."""
    with own_broker(tmp_path / "kafka", ports=ports) as broker:
        yield broker


def on(broker: LocalBroker, timeout_s: float, pace: float = 240) -> Topology:
    """An hour whose logs are there, and the projector."""
    bootstrap = broker.status().bootstrap
    assert bootstrap is not None
    kafka = KafkaConfig(bootstrap=bootstrap, prefix="t", timeout_s=timeout_s)
    held = JournalConfig(backend="kafka", kafka=kafka)
    return topology(pace=pace, projector=True, journal=held)


def begun(built: System) -> System:
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 20)
    return built


def check_whole(built: System) -> None:
    """Until the day is over; then nothing is lost or doubled, in the journal and in ClickHouse."""
    assert built.supervisor.run(0.005) == "finished"
    assert built.decision_hash() == hash_of_backtest()
    program = Wakeline(built.home.path)
    check_tables(program, built.run, check_journal(program, built.run))


@pytest.mark.parametrize("host", ["process", "ray"], indirect=True)
def test_kill_9_of_everybody_in_turn_changes_nothing(system: Build, broker: LocalBroker) -> None:
    built = begun(system(on(broker, timeout_s=20)))
    for victim in ACTORS:
        steps = built.step_count()
        built.kill(victim)
        assert built.step_count() >= steps, "what was acknowledged is there"
    check_whole(built)
    assert {step.epoch for step in built.steps()} == {1, 2}


@pytest.mark.parametrize(
    ("host", "away_s"),
    [
        pytest.param("pykka", 0.0, marks=pytest.mark.soak),
        ("process", LONG_S),
        ("ray", LONG_S),
    ],
    indirect=["host"],
    ids=["pykka, back at once", "process, away for long", "ray, away for long"],
)
def test_kill_9_of_the_broker_changes_nothing(
    system: Build, broker: LocalBroker, ports: BrokerPorts, away_s: float
) -> None:
    built = begun(system(on(broker, timeout_s=TIMEOUT_S)))
    pid = broker.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not broker.status().running)
    back = time.monotonic() + away_s
    while time.monotonic() < back:
        built.supervisor.look()
        built.host.wait(0.005)
    broker.up(ports, lambda _: None)
    check_whole(built)
    if away_s:
        assert any("Unreachable" in each.error for each in built.supervisor.statuses())
