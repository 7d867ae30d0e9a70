"""Programs that are killed under load, how long each is away, and what is found afterwards.

    python -m benchmarks.faults [--host process|pykka|ray] [--kills N] [--json]

A day of EUR/USD is traded on paper at 1,200 times real time. Every program is killed in turn: a
process by SIGKILL, an actor by an exception in its turn. A program is back when its replacement
works again, a cell when it has caught up with its own journal. At the end the journal and its
decision hash are held against those of an undisturbed backtest.
"""

import argparse
import json
import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any

from msgspec.structs import replace

from events.chain import verify_chain
from events.codecs.json import decode_step
from events.decisions import DecisionHash
from projections.store.opening import open_queries
from runtime.backends import open_backend
from runtime.backtesting import run_backtest
from runtime.casting import cast
from runtime.config import load_config
from runtime.home import Home
from runtime.programs.feeding import FeedProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.program import Stage
from runtime.programs.specs import CellSpec
from runtime.running import host_of
from runtime.supervision.lifecycle import Care, Phase
from runtime.supervision.policy import RestartPolicy
from runtime.supervision.supervisor import ActorStatus, Supervisor
from runtime.topology_file import load_topology

SAMPLES = Path(__file__).parents[1] / "runtime" / "samples"
PACE = 1_200.0
FIRST_STEPS = 50
CALM_S = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One kill: who, how many steps were recorded, and the time until it was back."""

    victim: str
    steps: int
    away_s: float


class _Silent:
    """Watches the undisturbed backtest and says nothing."""

    def reading(self, source: str, rows: int) -> None: ...

    def running(self, rows: int, of: int) -> None: ...

    def projecting(self) -> None: ...


class Scene:
    """A running system whose programs are killed."""

    def __init__(self, home: Home, host: str) -> None:
        whole = load_topology(SAMPLES / f"paper-{host}.toml")
        feeds = tuple(replace(feed, pace=PACE) for feed in whole.feeds)
        self.topology = replace(whole, feeds=feeds)
        self.assignments = cast(self.topology, home)
        (self.run,) = (
            each.program.run for each in self.assignments if isinstance(each.program, CellSpec)
        )
        self.journal = open_backend(self.topology.journal, home).journal("paper", self.run)
        self.host = host_of(self.topology)
        heartbeat = self.topology.host.heartbeat
        care = Care(heartbeat=heartbeat, restart=RestartPolicy(limit=1_000))
        self.supervisor = Supervisor(self.host, self.assignments, care)

    def actor(self, name: str) -> ActorStatus:
        (found,) = (each for each in self.supervisor.statuses() if each.name == name)
        return found

    def look_until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            self.supervisor.look()
            sleep(0.002)

    def kill(self, name: str) -> Fault:
        steps, before = self.journal.end(), self.actor(name)
        began = monotonic()
        if before.place.startswith("process "):
            os.kill(int(before.place.removeprefix("process ")), signal.SIGKILL)
        else:
            _raise_once(FeedProgram if before.kind == "feed" else SessionProgram)
        self.look_until(lambda: self._is_back(name, before.restarts))
        return Fault(name, steps, monotonic() - began)

    def _is_back(self, name: str, restarts: int) -> bool:
        now = self.actor(name)
        working = (Stage.RUNNING, Stage.FINISHED)
        return (
            now.restarts > restarts
            and now.phase is Phase.RUNNING
            and now.program is not None
            and now.program.stage in working
        )


def _raise_once(kind: Any) -> None:
    whole = kind.turn

    def turn(program: object) -> bool:
        kind.turn = whole
        raise ArithmeticError(f"injected into {program!r}")

    kind.turn = turn


def suffered(home: Home, host: str, kills: int) -> tuple[list[Fault], dict[str, Any]]:
    """Kill everybody ``kills`` times in turn, and let the day end."""
    scene = Scene(home, host)
    scene.supervisor.launch()
    scene.look_until(lambda: scene.journal.end() > FIRST_STEPS)
    faults = []
    for victim in ("fxcm", "paper", "projector") * kills:
        faults.append(scene.kill(victim))
        calm = monotonic() + CALM_S
        scene.look_until(lambda until=calm: monotonic() > until)  # type: ignore[misc]
    outcome = scene.supervisor.run()
    scene.host.close()
    return faults, {"outcome": outcome, **_found(home, scene)}


def _found(home: Home, scene: Scene) -> dict[str, Any]:
    decisions, names = DecisionHash(), []
    for record in scene.journal.records():
        step = decode_step(record.body)
        decisions.update(step)
        names += [event.id for event in step.events]
    with open_queries(home.clickhouse, home.clickhouse_socket) as queries:
        sql = "SELECT count(), uniqExact(id) FROM events WHERE run = {run:String}"
        ((rows, distinct),) = queries.query(sql, {"run": scene.run}).rows
    return {
        "chain": "whole" if verify_chain(scene.journal.records()) is None else "broken",
        "decision_hash": decisions.hexdigest(),
        "events": len(names),
        "events_doubled": len(names) - len(set(names)),
        "events_missing_in_clickhouse": len(names) - int(str(rows)),
        "events_doubled_in_clickhouse": int(str(rows)) - int(str(distinct)),
    }


def report(faults: Sequence[Fault], found: dict[str, Any], expected: str) -> None:
    """Two tables in Markdown."""
    print("| killed | times | back after: median | at most | steps in the journal |")
    print("|---|---|---|---|---|")
    for victim in dict.fromkeys(fault.victim for fault in faults):
        its = [fault for fault in faults if fault.victim == victim]
        away = [fault.away_s for fault in its]
        steps = f"{min(f.steps for f in its):,} to {max(f.steps for f in its):,}"
        print(f"| {victim} | {len(its)} | {median(away):.2f} s | {max(away):.2f} s | {steps} |")
    print()
    for name, value in found.items():
        print(f"- {name}: {value}")
    print(f"- decision_hash of an undisturbed backtest: {expected}")


def main() -> None:
    """Run it and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--host", choices=("process", "pykka", "ray"), default="process")
    parser.add_argument("--kills", type=int, default=3, metavar="N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = Home.create(Path(folder) / "undisturbed")
        expected = run_backtest(undisturbed, load_config(SAMPLES / "demo.toml"), _Silent())
        home = Home.create(Path(folder) / "disturbed")
        faults, found = suffered(home, options.host, options.kills)
    if options.json:
        kills = [{"victim": f.victim, "steps": f.steps, "away_s": f.away_s} for f in faults]
        print(json.dumps({"kills": kills, **found, "expected": expected.decision_hash}))
    else:
        report(faults, found, expected.decision_hash)
    if found["decision_hash"] != expected.decision_hash:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
