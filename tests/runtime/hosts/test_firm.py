"""The firm's risk over two cells, on every host that runs several."""

import os
import signal
from decimal import Decimal

import msgspec
import pytest

from events.chain import verify_chain
from events.codecs.json import decode_step
from runtime.programs.specs import FirmSpec
from runtime.replaying import verify
from runtime.supervision.lifecycle import Phase
from runtime.topology import FirmConfig, Topology
from schemas.cell import CellStopped
from schemas.envelope import Step
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued
from schemas.position import PositionChanged
from schemas.risk import LimitBreached, RiskState, RiskStateChanged
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import System, topology

pytestmark = [
    pytest.mark.xdist_group("hosts"),
    pytest.mark.timeout(200),
    pytest.mark.parametrize("host", ["pykka", "process", "ray"], indirect=True),
]

CELLS = ("paper", "other")


def together() -> Topology:
    """Two cells that trade alike: each may hold what both together may not."""
    whole = topology(pace=60)
    (cell,) = whole.cells
    firm = FirmConfig(
        name="firm", cells=CELLS, max_gross_notional=Decimal(60_000), on_breach="flatten"
    )
    return msgspec.structs.replace(
        whole, cells=tuple(msgspec.structs.replace(cell, name=name) for name in CELLS), firm=(firm,)
    )


def steps_of(built: System, cell: str, run: str) -> list[Step]:
    journal = built.backend.journal(cell, run)
    assert verify_chain(journal.records()) is None
    return [decode_step(record.body) for record in journal.records()]


def steps_of_firm(built: System) -> list[Step]:
    return steps_of(built, "firm", firm_run(built))


def firm_run(built: System) -> str:
    (firm,) = (each.program for each in built.assignments if isinstance(each.program, FirmSpec))
    return firm.run


def heard(built: System) -> int:
    """Valuations in the firm's journal."""
    return sum(isinstance(step.input.payload, PortfolioValued) for step in steps_of_firm(built))


def await_more(built: System) -> None:
    """Until the firm has heard more."""
    before = heard(built)
    built.turned_until(lambda: heard(built) > before + 5)


def replace_firm(built: System) -> None:
    """By force where it has a process of its own; else as an operator does."""
    before = built.actor("firm").restarts
    if pid := built.pid("firm"):
        os.kill(pid, signal.SIGKILL)
    else:
        built.supervisor.restart("firm")
    built.turned_until(
        lambda: built.actor("firm").restarts > before and built.actor("firm").phase is Phase.RUNNING
    )


def words_to(built: System, cell: str) -> list[OperatorCommanded]:
    """What the firm said to a cell."""
    payloads = (step.input.payload for step in steps_of(built, cell, built.runs[cell]))
    return [each for each in payloads if isinstance(each, OperatorCommanded)]


def check_cell(built: System, cell: str) -> None:
    """It was told once, closed what it held, and comes out the same again."""
    run = built.runs[cell]
    steps = steps_of(built, cell, run)
    (told,) = words_to(built, cell)
    assert (told.command, told.operator) == ("risk.flatten", "firm")
    assert told.arguments["reason"].startswith("max_gross_notional: ")
    said = [event.payload for step in steps for event in step.outputs]
    (changed,) = (each for each in said if isinstance(each, RiskStateChanged))
    assert changed.after is RiskState.HALTED
    held = {
        (each.instrument, each.strategy): each.quantity
        for each in said
        if isinstance(each, PositionChanged)
    }
    assert held
    assert not any(held.values())
    assert verify(built.home, built.home.run_dir(run)).verdict.identical


def test_what_is_too_much_together_is_closed_in_every_cell_once_whoever_dies(
    system: Build,
) -> None:
    built = system(together())
    built.supervisor.launch()
    for _ in range(2):
        await_more(built)
        replace_firm(built)
    built.turned_until(lambda: all(words_to(built, cell) for cell in CELLS))
    built = built.finished_without_pace()
    for cell in CELLS:
        check_cell(built, cell)
    firm = steps_of_firm(built)
    assert firm[-1].input.payload == CellStopped(reason="finished")
    assert verify(built.home, built.home.find_journal("firm")).verdict.identical
    assert sum(isinstance(e.payload, LimitBreached) for step in firm for e in step.outputs) == 1
    valued = sum(
        isinstance(event.payload, PortfolioValued)
        for cell in CELLS
        for step in steps_of(built, cell, built.runs[cell])
        for event in step.outputs
    )
    names = [step.input.id for step in firm]
    assert len(names) == len(set(names))
    assert heard(built) <= valued
    status = built.actor("firm").program
    assert status is not None
    assert status.last_decision == "risk is halted"
