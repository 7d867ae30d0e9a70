"""One real broker for all tests of a session, however many processes run them."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from runtime.kafka.broker import BrokerStatus, LocalBroker
from runtime.kafka.settings import BrokerPorts


def free_port_numbers(count: int) -> list[int]:
    """So many different ports that nobody has at the moment."""
    with ExitStack() as stack:
        taken = [stack.enter_context(closing(socket.socket())) for _ in range(count)]
        for each in taken:
            each.bind(("localhost", 0))
        return [each.getsockname()[1] for each in taken]


def free_ports() -> BrokerPorts:
    """A broker's."""
    clients, controller = free_port_numbers(2)
    return BrokerPorts(clients=clients, controller=controller)


def need_java() -> None:
    """Skip the test where no broker can run; where backends are required, that fails it."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: a Kafka broker cannot be started")


@contextmanager
def own_broker(
    directory: Path, extra: dict[str, str] | None = None, ports: BrokerPorts | None = None
) -> Iterator[LocalBroker]:
    """A broker for one test, which may do anything to it."""
    need_java()
    broker = LocalBroker(directory)
    _up(broker, extra, ports)
    try:
        yield broker
    finally:
        broker.down()


def _up(
    broker: LocalBroker, extra: dict[str, str] | None = None, ports: BrokerPorts | None = None
) -> BrokerStatus:
    try:
        return broker.up(ports or free_ports(), lambda _: None, extra)
    except BaseException:
        broker.down()
        raise


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the session's broker answers. The first test that asks starts it, the last stops it."""
    need_java()
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    broker = LocalBroker(shared / "kafka")
    with _users(shared, +1):
        status = _up(broker)
    assert status.bootstrap is not None
    yield status.bootstrap
    with _users(shared, -1) as left:
        if not left:
            broker.down()


@pytest.fixture
def kafka_config(kafka_bootstrap: str) -> KafkaConfig:
    """The session's broker, with a name space that is this test's alone."""
    return KafkaConfig(bootstrap=kafka_bootstrap, prefix=f"t{uuid4().hex[:12]}", timeout_s=20)


@pytest.fixture
def cluster(kafka_config: KafkaConfig) -> Iterator[Cluster]:
    """Connections to ``kafka_config``."""
    with closing(Cluster(kafka_config)) as cluster:
        yield cluster


@contextmanager
def _users(shared: Path, change: int) -> Iterator[int]:
    """Count those who use the broker, and be alone while that changes; yields how many."""
    with (shared / "kafka-users").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = int(file.read() or 0) + change
        yield users
        file.truncate(0)
        file.write(str(users))
