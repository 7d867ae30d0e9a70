"""A search and its workers on every host that runs several, replaced while they are at work."""

from collections import Counter

import msgspec
import pytest

from events.codecs.json import decode_step
from runtime.programs.specs import SearchSpec
from runtime.replaying import verify
from runtime.supervision.lifecycle import Phase
from runtime.topology import Topology
from schemas.envelope import Step, carries
from schemas.registry import Payload
from schemas.strategy import StrategyEvaluated, StrategyProposed, StrategyRetired
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import System, topology
from tests.runtime.programs.test_searching import Looking
from tests.runtime.synthesis.looking import looked_for

pytestmark = [
    pytest.mark.xdist_group("hosts"),
    pytest.mark.timeout(200),
    pytest.mark.parametrize("host", ["pykka", "process", "ray"], indirect=True),
]


def searching() -> Topology:
    """The hour of other tests, and nobody who trades it."""
    return msgspec.structs.replace(topology(), cells=(), synthesis=(looked_for(),))


def steps(built: System) -> list[Step]:
    (search,) = (e.program for e in built.assignments if isinstance(e.program, SearchSpec))
    journal = built.backend.journal(search.name, search.run)
    return [decode_step(record.body) for record in journal.records()]


def heard(built: System) -> Counter[str]:
    """How often it is recorded what became of a proposal."""
    return Counter(
        step.input.cause
        for step in steps(built)
        if isinstance(step.input.payload, StrategyEvaluated | StrategyRetired)
    )


def said(built: System) -> list[Payload]:
    return [event.payload for step in steps(built) for event in step.outputs]


def replace(built: System, name: str) -> None:
    """By force where it has a process of its own; else as an operator does."""
    if built.pid(name):
        built.kill(name)
        return
    built.supervisor.restart(name)
    built.turned_until(lambda: built.actor(name).phase is Phase.RUNNING)


def test_each_candidate_is_tried_once_and_the_verdict_is_that_of_one_thread(system: Build) -> None:
    alone = Looking()
    alone.run_out()
    alone.close()
    built = system(searching())
    built.supervisor.launch()
    built.turned_until(lambda: bool(heard(built)))
    for name in ("crosses-0", "crosses"):
        replace(built, name)
    assert built.supervisor.run(0.005) == "finished"
    proposals = [
        event.id
        for step in steps(built)
        for event in step.outputs
        if carries(event, StrategyProposed)
    ]
    assert heard(built) == Counter(proposals)
    assert said(built) == alone.said()
    tried = {
        name: built.actor(name).program.counters["tried"]  # type: ignore[union-attr]
        for name in ("crosses-0", "crosses-1")
    }
    assert tried["crosses-1"] == 3, "half of six"
    assert verify(built.home, built.home.find_journal("crosses")).verdict.identical
