"""A broker by command: up, looked at and down, and what is said when that cannot be."""

import socket
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from runtime.home import Home
from runtime.kafka.broker import LocalBroker
from tests.runtime.cli.conftest import Call
from tests.support.kafka import free_ports, need_java


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Home.create(tmp_path / "home").path


def test_a_broker_comes_up_answers_and_goes_down(call: Call, home: Path) -> None:
    need_java()
    ports = free_ports()
    chosen = ("--port", str(ports.clients), "--controller-port", str(ports.controller))
    here = ("--home", home, "--json")
    try:
        up = call("kafka", "up", *chosen, *here).answer
        assert (up["running"], up["ready"]) == (True, True)
        assert up["bootstrap"] == f"localhost:{ports.clients}"
        assert call("kafka", "up", *here).answer == up, "it runs already, where it runs"
        assert call("kafka", "status", *here).answer == up
        assert "ready at" in call("kafka", "status", "--home", home).out
        assert call("kafka", "down", *here).answer == {"stopped": True}
        assert call("kafka", "down", *here).answer == {"stopped": False}
        assert not call("kafka", "status", *here).answer["running"]

        assert call("kafka", "up", *chosen, *here).answer["ready"], "its data are still good"
    finally:
        LocalBroker(home / "kafka").down()


def test_a_cluster_whose_id_begins_with_a_hyphen_is_formatted(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_java()
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=b"\xf8" * 16))
    ports = free_ports()
    chosen = ("--port", str(ports.clients), "--controller-port", str(ports.controller))
    try:
        assert call("kafka", "up", *chosen, "--home", home, "--json").answer["ready"]
        assert "cluster.id=-" in (home / "kafka" / "data" / "meta.properties").read_text()
    finally:
        LocalBroker(home / "kafka").down()


def test_a_port_that_is_taken_is_named(call: Call, home: Path) -> None:
    need_java()
    with closing(socket.socket()) as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = call("kafka", "up", "--port", str(port), "--home", home)
    assert told.code == 2
    assert f"port {port} of localhost cannot be had" in told.err
    assert "--port" in told.err


def test_a_broker_that_dies_is_told_with_the_end_of_its_log(call: Call, home: Path) -> None:
    need_java()
    data = home / "kafka" / "data"
    data.mkdir(parents=True)
    (data / "meta.properties").write_text("version=1\ncluster.id=x\nnode.id=77\n")
    ports = free_ports()
    chosen = ("--port", str(ports.clients), "--controller-port", str(ports.controller))
    told = call("kafka", "up", *chosen, "--home", home)
    assert told.code == 2
    assert "the broker ended; its log says:" in told.err
    assert "77" in told.err


@pytest.mark.parametrize(
    ("program", "complaint"),
    [("java", "no `java` is installed"), ("mvn", "no `mvn` is installed")],
)
def test_a_program_that_is_missing_is_named(
    call: Call,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    complaint: str,
) -> None:
    need_java()
    monkeypatch.setenv("WAKELINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        "runtime.kafka.jars.shutil.which", lambda name, path=None: None if name == program else "x"
    )
    told = call("kafka", "up", "--home", home)
    assert told.code == 2
    assert complaint in told.err
