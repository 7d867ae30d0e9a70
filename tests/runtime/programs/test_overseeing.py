"""The firm's program by itself: cells are journals that a test writes."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from actors.risk.firm import FirmLimits
from events.codecs.json import decode_step
from events.journal import JournalWriter
from events.replay import compare
from runtime.backends import MemoryBackend
from runtime.config import ConfigError
from runtime.operating import Operator
from runtime.programs.overseeing import FirmProgram
from runtime.programs.program import Stage
from runtime.programs.specs import FirmSpec
from runtime.terms import FirmTerms, decided_again, recorded_terms, started
from schemas.cell import CellStopped
from schemas.envelope import Event, Step, carries
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from schemas.risk import LimitBreached
from tests.support.steps import step_at

SPEC = FirmSpec(
    run="house-1",
    terms=FirmTerms(
        name="house",
        cells=(("gold", "gold-1"), ("euro", "euro-1")),
        limits=FirmLimits(max_gross_notional=Decimal(100)),
    ),
)
SAME = "the same name in both cells"


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def cells(backend: MemoryBackend) -> Iterator[dict[str, JournalWriter]]:
    """Who writes the cells' journals."""
    opened = {cell: backend.journal(cell, run).open() for cell, run in SPEC.terms.cells}
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


def steps(backend: MemoryBackend) -> list[Step]:
    """Of the firm's journal."""
    return [decode_step(each.body) for each in backend.journal(SPEC.name, SPEC.run).records()]


def last_input(backend: MemoryBackend) -> Payload:
    return steps(backend)[-1].input.payload


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
    assert last_input(backend) == CellStopped(reason="operator")


def test_what_a_person_says_happens_in_the_market_time_of_the_cells(
    backend: MemoryBackend, cells: dict[str, JournalWriter]
) -> None:
    program = begun(backend)
    say(cells["gold"], worth(1), SAME)
    turned(program)
    (valued,) = (step for step in steps(backend) if carries(step.input, PortfolioValued))
    operator = Operator(backend)
    operator.say("ada", SPEC.run, "risk.halt")
    turned(program)
    (commanded,) = (step for step in steps(backend) if carries(step.input, OperatorCommanded))
    assert commanded.ts == valued.ts
    operator.close()
    program.close()


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
    assert last_input(backend) == CellStopped(reason="finished")
    program.stop("operator")
    assert last_input(backend) == CellStopped(reason="finished"), "it has said so"


def test_its_decisions_come_out_the_same_under_the_same_limits_only(
    backend: MemoryBackend, cells: dict[str, JournalWriter]
) -> None:
    for writer in cells.values():
        say(writer, worth(51), SAME)
    turned(begun(backend)).stop("operator")
    recorded = steps(backend)
    writer = MemoryBackend().journal("again").open()
    assert compare(recorded, decided_again(SPEC.terms, SPEC.run, recorded, writer)).identical
    wider = replace(SPEC.terms, limits=FirmLimits(max_gross_notional=Decimal(200)))
    writer = MemoryBackend().journal("wider").open()
    verdict = compare(recorded, decided_again(wider, SPEC.run, recorded, writer))
    assert verdict.first_difference is not None
    missing = verdict.first_difference.recorded
    assert missing is not None
    assert isinstance(missing.payload, LimitBreached)


def test_terms_are_what_a_journal_begins_with() -> None:
    assert recorded_terms(started(SPEC.terms).configuration) == SPEC.terms
    with pytest.raises(ConfigError, match="the recorded terms cannot be read"):
        recorded_terms('{"name": 1}')
