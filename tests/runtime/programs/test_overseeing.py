"""The firm's program by itself: cells are journals that a test writes."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from actors.risk.firm import FirmLimits
from events.codecs.json import decode_step
from events.journal import JournalWriter
from runtime.backends import MemoryBackend
from runtime.programs.overseeing import FirmProgram
from runtime.programs.program import Stage
from runtime.programs.specs import FirmSpec
from schemas.cell import CellStopped
from schemas.envelope import Event
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from tests.support.steps import step_at

SPEC = FirmSpec(
    name="house",
    book="house-1",
    cells=(("gold", "gold-1"), ("euro", "euro-1")),
    limits=FirmLimits(max_gross_notional=Decimal(100)),
)
SAME = "the same name in both cells"


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def cells(backend: MemoryBackend) -> Iterator[dict[str, JournalWriter]]:
    """Who writes the cells' journals."""
    opened = {cell: backend.journal(cell, run).open() for cell, run in SPEC.cells}
    yield opened
    for writer in opened.values():
        writer.close()


def say(writer: JournalWriter, payload: Payload, name: str) -> None:
    """One step whose only output it is."""
    step = step_at(writer.head)
    said = Event(
        id=name,
        author="portfolio.valuation",
        cause=step.input.id,
        correlation=step.input.id,
        ts=step.ts,
        ts_recorded=step.ts,
        payload=payload,
    )
    writer.append(replace(step, outputs=(said,)))
    writer.flush()


def worth(exposure: int) -> PortfolioValued:
    return PortfolioValued(
        account="main",
        currency="USD",
        balance=Decimal(100),
        unrealised=Decimal(0),
        equity=Decimal(100),
        exposure=Decimal(exposure),
        peak=Decimal(100),
        drawdown=0.0,
    )


def told(backend: MemoryBackend, cell: str) -> list[str]:
    """Commands in a cell's ingress."""
    payloads = [posted.event.payload for posted in backend.ingress(cell).poll(0, 100)]
    return [each.command for each in payloads if isinstance(each, OperatorCommanded)]


def begun(backend: MemoryBackend) -> FirmProgram:
    program = FirmProgram(SPEC, backend)
    program.start()
    return program


def turned(program: FirmProgram) -> FirmProgram:
    while program.turn():
        pass
    return program


def test_two_cells_that_name_their_valuations_alike_are_both_heard(
    backend: MemoryBackend, cells: dict[str, JournalWriter]
) -> None:
    program = begun(backend)
    assert program.status().waits_for == "a valuation of every cell"
    for writer in cells.values():
        say(writer, worth(51), SAME)
    turned(program)
    assert told(backend, "gold") == told(backend, "euro") == ["risk.halt"]
    status = program.status()
    assert (status.kind, status.stage, status.waits_for) == ("firm", Stage.RUNNING, "")
    assert status.last_decision == "risk is halted"
    assert status.counters == {"valuations": 2, "commands": 2}
    program.close()


@pytest.mark.parametrize("turns", range(4))
def test_whoever_comes_after_a_crash_says_what_was_not_said_and_nothing_twice(
    backend: MemoryBackend, cells: dict[str, JournalWriter], turns: int
) -> None:
    for writer in cells.values():
        say(writer, worth(51), SAME)
    first = begun(backend)
    for _ in range(turns):
        first.turn()
    first.close()
    second = turned(begun(backend))
    assert told(backend, "gold") == told(backend, "euro") == ["risk.halt"]
    say(cells["gold"], worth(60), "more")
    turned(second)
    assert told(backend, "gold") == ["risk.halt"]
    second.stop("operator")
    last = [decode_step(each.body) for each in backend.journal(SPEC.book).records()][-1]
    assert last.input.payload == CellStopped(reason="operator")


def test_it_is_done_when_its_cells_are(
    backend: MemoryBackend, cells: dict[str, JournalWriter]
) -> None:
    program = begun(backend)
    for writer in cells.values():
        step = step_at(writer.head)
        over = replace(step.input, payload=CellStopped(reason="finished"))
        writer.append(replace(step, input=over, outputs=()))
        writer.flush()
    assert turned(program).status().stage is Stage.FINISHED
    program.close()
