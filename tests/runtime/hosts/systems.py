"""A whole system in a home of its own: a feed, a cell and perhaps the projector, on any host."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from events.backends.sqlite.database import Durability
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.decisions import DecisionHash
from runtime.backends import Backend, JournalConfig, MemoryBackend, open_backend
from runtime.casting import cast
from runtime.home import Home
from runtime.hosts.inline.programs import InlineHost
from runtime.hosts.process.host import ProcessHost
from runtime.hosts.pykka.host import PykkaHost
from runtime.hosts.ray.config import RayConfig
from runtime.hosts.ray.host import RayHost
from runtime.programs.program import Stage
from runtime.programs.specs import CellSpec
from runtime.supervision.lifecycle import Care, Phase
from runtime.supervision.policy import Heartbeat, RestartPolicy
from runtime.supervision.supervisor import ActorStatus, Supervisor
from runtime.supervision.worker import Host
from runtime.topology import (
    CellConfig,
    FeedConfig,
    HostConfig,
    ProjectorConfig,
    Topology,
)
from schemas.envelope import Step
from tests.runtime.programs.days import DATA, TRADING
from tests.support.waiting import wait_until

INTERVAL_MS: Final = 20
HOSTS: Final[dict[str, Callable[[], Host]]] = {
    "inline": InlineHost,
    "pykka": lambda: PykkaHost(INTERVAL_MS, bound=16),
    "process": lambda: ProcessHost(INTERVAL_MS),
    "ray": lambda: RayHost(RayConfig(), INTERVAL_MS, cpus=8),
}
"""Every host, for tests that hold on all of them."""

CARE: Final = Care(
    heartbeat=Heartbeat(interval_ms=INTERVAL_MS, timeout_ms=20_000),
    restart=RestartPolicy(backoff_min_ms=20, backoff_max_ms=100, limit=20),
)


def topology(
    *, pace: float = 0.0, projector: bool = False, journal: JournalConfig | None = None
) -> Topology:
    """An hour of real ticks, and a cell that trades it on paper."""
    return Topology(
        journal=journal or JournalConfig(),
        host=HostConfig(durability=Durability.PROCESS_CRASH),
        feeds=(FeedConfig(name="files", data=DATA, pace=pace, rows_per_record=20),),
        cells=(CellConfig(name="paper", feeds=("files",), trading=TRADING),),
        projector=ProjectorConfig(enabled=projector),
        instruments=(),
    )


@dataclass
class System:
    """Under a supervisor whom the test drives."""

    home: Home
    host: Host
    topology: Topology
    care: Care = CARE
    memory: MemoryBackend | None = None

    def __post_init__(self) -> None:
        self.assignments = cast(self.topology, self.home)
        self.supervisor = Supervisor(self.host, self.assignments, self.care)

    @property
    def runs(self) -> dict[str, str]:
        """Every cell's run."""
        cells = (each.program for each in self.assignments if isinstance(each.program, CellSpec))
        return {cell.name: cell.run for cell in cells}

    @property
    def run(self) -> str:
        return self.runs["paper"]

    @property
    def backend(self) -> Backend:
        return self.memory or open_backend(self.topology.journal, self.home)

    def turned_until(self, reached: Callable[[], bool]) -> None:
        """Look after everybody until something is so."""

        def looked() -> bool:
            self.supervisor.look()
            return reached()

        wait_until(looked, patience_s=100, rest=self.host.wait)

    def actor(self, name: str) -> ActorStatus:
        (found,) = (each for each in self.supervisor.statuses() if each.name == name)
        return found

    def pid(self, name: str) -> int:
        """The process of a program; 0 while it has none."""
        kind, _, number = self.actor(name).place.partition(" ")
        return int(number) if kind == "process" else 0

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until another incarnation has caught up with what was recorded."""
        dead = self.pid(name)
        os.kill(dead, signal.SIGKILL)
        self.await_replacement(name, dead)

    def await_replacement(self, name: str, dead: int) -> None:
        """Until another incarnation is at work, and has caught up with what was recorded."""

        def works() -> bool:
            program = self.actor(name).program
            return (
                self.actor(name).phase is Phase.RUNNING
                and self.pid(name) != dead
                and program is not None
                and program.stage in (Stage.RUNNING, Stage.FINISHED)
            )

        self.turned_until(works)

    def steps(self) -> list[Step]:
        journal = self.backend.journal("paper", self.run)
        assert verify_chain(journal.records()) is None
        return [decode_step(record.body) for record in journal.records()]

    def step_count(self) -> int:
        return self.backend.journal("paper", self.run).end()

    def decision_hash(self) -> str:
        """Of the journal, in which nothing may be lost or doubled."""
        decisions = DecisionHash()
        steps = self.steps()
        for step in steps:
            decisions.update(step)
        names = [event.id for step in steps for event in step.events]
        assert len(names) == len(set(names))
        return decisions.hexdigest()

    def end(self) -> None:
        """Stop everybody in order."""
        self.supervisor.end("test")
        self.supervisor.run(0.005)

    def again(self) -> "System":
        """The same home under another supervisor, as after `up` a second time."""
        return System(self.home, self.host, self.topology, self.care)

    def finished_without_pace(self) -> "System":
        """Stop, and go on to the end as fast as it goes: a test that waits for something in the
        midst then needs a slow market, whatever the machine, and not much time.
        """
        self.end()
        feeds = tuple(msgspec.structs.replace(feed, pace=0.0) for feed in self.topology.feeds)
        hurried = msgspec.structs.replace(self.topology, feeds=feeds)
        rest = System(self.home, self.host, hurried, self.care)
        rest.supervisor.launch()
        assert rest.supervisor.run(0.005) == "finished"
        return rest


def paced(care: Care, timeout_ms: int) -> Care:
    """The same care, less patient with the silent."""
    heartbeat = msgspec.structs.replace(care.heartbeat, timeout_ms=timeout_ms)
    return msgspec.structs.replace(care, heartbeat=heartbeat)


def home_at(path: Path) -> Home:
    """An empty home."""
    return Home.create(path)
