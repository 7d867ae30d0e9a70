"""A node is cut off with a live cell on it, and comes back when another cell has taken over."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from events.backends.kafka.config import KafkaConfig
from events.chain import verify_chain
from events.codecs.json import decode_step
from runtime.backends import JournalConfig, open_backend
from runtime.home import Home
from tests.acceptance.program import ROOT, Wakeline
from tests.runtime.hosts.ray.nodes import Nodes
from tests.support.kafka import kafka_bootstrap, kafka_config
from tests.support.waiting import wait_until

__all__ = ["kafka_bootstrap", "kafka_config"]

# Three nodes, a broker and two cells are more than two cores can keep alive at a steady pace.
pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]

SAMPLES = ROOT / "runtime" / "samples"


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    """A desk, where the supervisor is, and two nodes away from it."""
    with subprocess.Popen(
        (sys.executable, "-P", "-m", "tests.runtime.hosts.ray.nodes"),
        env={**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        yield msgspec.json.decode(process.stdout.readline(), type=Nodes)
        process.communicate()


@pytest.fixture
def program(nodes: Nodes, tmp_path: Path) -> Iterator[Wakeline]:
    made = Wakeline(tmp_path / "home", {"RAY_ADDRESS": nodes.address})
    yield made
    made.run("down")


def topology(folder: Path, kafka: KafkaConfig) -> str:
    """The shipped example, with its logs in Kafka and its cell away from the desk."""
    text = (SAMPLES / "paper-ray.toml").read_text(encoding="utf-8")
    changes = {
        "pace = 1_200": 'pace = 1_200\nplacement = { node = "desk" }',
        '"lean/': f'"{SAMPLES}/lean/',
        'feeds = ["fxcm"]': 'feeds = ["fxcm"]\nplacement = { node = "away" }',
        'kind = "ray"': 'kind = "ray"\nheartbeat = { timeout_ms = 3_000 }',
    }
    for shipped, changed in changes.items():
        assert shipped in text
        text = text.replace(shipped, changed)
    logs = f'bootstrap = "{kafka.bootstrap}", prefix = "{kafka.prefix}"'
    path = folder / "topology.toml"
    path.write_text(f'journal = {{ backend = "kafka", kafka = {{ {logs} }} }}\n{text}', "utf-8")
    return str(path)


def cell(program: Wakeline) -> dict[str, object]:
    actors = program.ask("status")["actors"]
    assert isinstance(actors, list)
    (found,) = (actor for actor in actors if actor["name"] == "paper")
    return dict(found)


def place(program: Wakeline) -> tuple[int, str]:
    """The cell's process, and the beginning of its node's name."""
    found = re.fullmatch(r"process (\d+) of node (\w+)", str(cell(program)["place"]))
    return (int(found[1]), found[2]) if found else (0, "")


def steps(program: Wakeline) -> int:
    told = cell(program)["program"]
    return int(told["counters"].get("steps", 0)) if isinstance(told, dict) else 0


def test_a_cell_on_a_lost_node_is_replaced_and_what_its_ghost_says_is_not_read(
    program: Wakeline, nodes: Nodes, kafka_config: KafkaConfig, tmp_path: Path
) -> None:
    program.ask("up", topology(tmp_path, kafka_config), "--detach")
    wait_until(lambda: steps(program) > 20, patience_s=120)
    ghost, node = place(program)
    (raylet,) = (pid for name, pid in nodes.raylets.items() if name.startswith(node))
    for process in (raylet, ghost):
        os.kill(process, signal.SIGSTOP)
    wait_until(lambda: place(program)[0] not in (0, ghost), patience_s=60)
    assert place(program)[1] != node
    left = steps(program)
    wait_until(lambda: steps(program) > left, patience_s=60)
    os.kill(ghost, signal.SIGCONT)
    time.sleep(1)  # It has the time to decide and write as if nothing had been.
    os.kill(raylet, signal.SIGCONT)
    wait_until(lambda: not psutil.pid_exists(ghost), patience_s=60)
    program.ask("down")
    home = Home.existing(program.home)
    (run,) = [each.name for each in home.runs_path.iterdir()]
    logs = open_backend(JournalConfig(backend="kafka", kafka=kafka_config), home)
    journal = logs.journal("paper", run)
    assert verify_chain(journal.records()) is None
    epochs = [decode_step(record.body).epoch for record in journal.records()]
    assert epochs == sorted(epochs)
    assert len(set(epochs)) == 2
    assert program.ask("replay", "paper", "--verify")["identical"]
