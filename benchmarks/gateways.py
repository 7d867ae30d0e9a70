"""An inference gateway beside a cell: how long its answers take, and what its models do to ticks.

An answer's time runs from the step in which the bar closed to the step that took the answer, as
both are recorded: the first becomes durable, the gateway reads it, asks the model and posts, and
the cell reads that. Feed, cell and gateway are processes and share the logs in SQLite.

Ticks are those of ``hosts`` in one process, alone and while the shipped model is opened again and
again: by another process, as a gateway is one, and by a thread of the cell's own process, as none
is.
"""

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import monotonic
from typing import Final, Protocol

from msgspec.structs import replace

from actors.patterns.models.memory_limit import MemoryLimit
from benchmarks.hosts import Decided, Fed, in_one_process
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from events.backends.sqlite.database import Durability
from events.codecs.json import decode_step
from runtime.backends import open_backend
from runtime.casting import cast
from runtime.home import Home
from runtime.hosts.process.host import ProcessHost
from runtime.inference.shelf import HomeShelf, Wish
from runtime.programs.specs import CellSpec
from runtime.supervision.lifecycle import Care
from runtime.supervision.supervisor import Supervisor
from runtime.topology import Topology
from runtime.topology_file import load_topology
from schemas.envelope import Step, carries
from schemas.pattern import PatternRecognised, PatternRequested

TOPOLOGY: Final = Path(__file__).parents[1] / "runtime/samples/inference.toml"
ANSWERS: Final = 300
"""How many make a figure; a bar a quarter of a second."""

WARM_UP: Final = 20
TARGET_MS: Final = 10.0
_PATIENCE_S: Final = 300.0
_WISH: Final = Wish(use="fast", interval="1m", instruments=1, configs=())


class _Flag(Protocol):
    def is_set(self) -> bool: ...

    def set(self) -> None: ...


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Milliseconds of every answer, and of every tick."""
    for durability in Durability:
        yield Result(
            benchmark="gateways",
            measured=f"bar close to answer, through the logs, {durability.value}, 1 instrument",
            unit="ms",
            values=tuple(_answered(scratch / f"asking-{durability.value}", durability)),
            target=TARGET_MS,
            of_p99=True,
        )
    files = str(eurusd_files(scratch))
    beside: dict[str, Callable[[Path], AbstractContextManager[None]]] = {
        "alone": lambda _: nullcontext(),
        "while a process loads models": _process_loads,
        "while a thread loads models": _thread_loads,
    }
    times: dict[str, list[float]] = {name: [] for name in beside}
    for number in range(repetitions):
        for name, loading in beside.items():
            with loading(scratch / f"models-{number}-{len(name)}"):
                found = in_one_process(scratch / f"ticks-{number}-{len(name)}", files)
            times[name] += _milliseconds(found)
    for name, values in times.items():
        yield Result(
            benchmark="gateways",
            measured=f"tick to durable order, {name}",
            unit="ms",
            values=tuple(values),
        )


def _milliseconds(found: Sequence[tuple[Fed, Decided]]) -> list[float]:
    return [(order.durable - fed.handed) / 1e6 for fed, order in found]


def _answered(folder: Path, durability: Durability) -> list[float]:
    """Milliseconds of ``ANSWERS`` answers, without the first."""
    home = Home.create(folder)
    topology = _alone(load_topology(TOPOLOGY), durability)
    assignments = cast(topology, home)
    (run,) = [each.program.run for each in assignments if isinstance(each.program, CellSpec)]
    journal = open_backend(topology.journal, home).journal("asking", run)
    host = ProcessHost(topology.host.heartbeat.interval_ms)
    care = Care(heartbeat=topology.host.heartbeat, restart=topology.host.restart)
    supervisor = Supervisor(host, assignments, care)
    supervisor.launch()
    until = monotonic() + _PATIENCE_S
    found: list[float] = []
    while len(found) < WARM_UP + ANSWERS:
        assert monotonic() < until, f"{len(found)} answers in {_PATIENCE_S:g} s"
        supervisor.look()
        host.wait(1.0)
        found = _between(decode_step(record.body) for record in journal.records())
    supervisor.stop("measured")
    host.close()
    return found[WARM_UP : WARM_UP + ANSWERS]


def _alone(topology: Topology, durability: Durability) -> Topology:
    """The same without a projector beside it."""
    return replace(
        topology,
        host=replace(topology.host, durability=durability),
        projector=replace(topology.projector, enabled=False),
    )


def _between(steps: Iterator[Step]) -> list[float]:
    """Milliseconds from requests to their answers."""
    asked: dict[str, int] = {}
    found = []
    for step in steps:
        if isinstance(step.input.payload, PatternRecognised) and step.input.cause in asked:
            found.append((step.ts_recorded - asked[step.input.cause]) / 1e6)
        for output in step.outputs:
            if carries(output, PatternRequested):
                asked[output.id] = step.ts_recorded
    return found


@contextmanager
def _process_loads(folder: Path) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    over, ready = context.Event(), context.Event()
    process = context.Process(target=_load, args=(folder, over, ready), daemon=True)
    process.start()
    assert ready.wait(60)
    try:
        yield
    finally:
        over.set()
        process.join()


@contextmanager
def _thread_loads(folder: Path) -> Iterator[None]:
    over, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=_load, args=(folder, over, ready))
    thread.start()
    assert ready.wait(60)
    try:
        yield
    finally:
        over.set()
        thread.join()


def _load(folder: Path, over: _Flag, ready: _Flag) -> None:
    shelf = HomeShelf(Home.create(folder), "cpu", MemoryLimit())
    while not over.is_set():
        shelf.open(_WISH, spare=False)
        ready.set()
