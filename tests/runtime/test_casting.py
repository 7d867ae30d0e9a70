"""Which run a cell goes on with, and what every program is told."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from actors.strategies.parameters import ParameterError
from actors.strategies.synthesis.search import SearchConfig
from runtime.backends import JournalConfig, note_backend, noted_backend, open_backend
from runtime.casting import cast
from runtime.home import Home
from runtime.programs.feeding import FeedProgram
from runtime.programs.specs import (
    Assignment,
    CellSpec,
    ExchangeSpec,
    ExecutionSpec,
    FirmSpec,
    InferenceSpec,
    ProjectorSpec,
    SearchSpec,
    TrialsSpec,
    decoded_assignment,
)
from runtime.topology import (
    ExchangeConfig,
    ExecutionConfig,
    FirmConfig,
    InferenceConfig,
    SynthesisConfig,
)
from tests.runtime.hosts.systems import topology
from tests.runtime.programs.days import FEED
from tests.runtime.synthesis.looking import looked_for
from tests.support.steps import step_at


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


def cell_of(assignments: tuple[Assignment, ...]) -> CellSpec:
    (cell,) = [each.program for each in assignments if isinstance(each.program, CellSpec)]
    return cell


def begin(home: Home, run: str, whose: str) -> None:
    """A first step in a run's journal, of some cell."""
    with open_backend(JournalConfig(), home).journal("paper", run).open() as writer:
        writer.append(replace(step_at(writer.head), cell=whose))


def test_every_program_is_told_all_that_it_needs_in_a_form_that_travels(home: Home) -> None:
    assignments = cast(topology(projector=True), home)
    assert [each.program.name for each in assignments] == ["files", "paper", "projector"]
    cell = cell_of(assignments)
    projector = assignments[-1].program
    assert isinstance(projector, ProjectorSpec)
    assert projector.cells == (("paper", cell.run),)
    assert [decoded_assignment(each.encoded()) for each in assignments] == list(assignments)


def test_says_when_a_feed_with_a_pace_has_nothing_to_feed(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    def said(pace: float) -> list[str]:
        caplog.clear()
        cast(topology(pace=pace), home)
        return [record.message for record in caplog.records]

    assert said(60) == []
    feed = FeedProgram(FEED, open_backend(JournalConfig(), home).market_log())
    feed.start()
    while feed.turn():
        pass
    feed.close()
    assert said(0) == []
    assert said(60) == [
        "files: its market is in this home already; it is taken at once, without a pace"
    ]
    begin(home, cell_of(cast(topology(), home)).run, whose="paper")
    assert said(60) == [], "an unfinished run goes on where it was"


def test_a_gateway_is_told_its_cells_runs_and_its_share(home: Home) -> None:
    pool = InferenceConfig(name="models", cells=("paper",), device="cpu", replicas=2, memory_mb=900)
    assert not cell_of(cast(topology(), home)).asks
    assignments = cast(replace(topology(), inference=(pool,)), home)
    cell = cell_of(assignments)
    assert cell.asks
    members = [each.program for each in assignments if isinstance(each.program, InferenceSpec)]
    assert [(each.name, each.share) for each in members] == [
        ("models-0", (0, 2)),
        ("models-1", (1, 2)),
    ]
    assert {each.cells for each in members} == {(("paper", cell.run),)}
    assert {each.device for each in members} == {"cpu"}
    assert {each.memory.mb for each in members} == {900}
    assert [decoded_assignment(each.encoded()) for each in assignments] == list(assignments)


def test_an_exchange_has_a_book_for_the_runs_that_it_serves(home: Home) -> None:
    outside = replace(
        topology(),
        exchanges=(ExchangeConfig(name="outside", feeds=("files",)),),
        execution=(ExecutionConfig(name="desk", exchange="outside", cell="paper"),),
    )
    assignments = cast(outside, home)
    programs = [each.program for each in assignments]
    (exchange,) = (each for each in programs if isinstance(each, ExchangeSpec))
    (gateway,) = (each for each in programs if isinstance(each, ExecutionSpec))
    run = cell_of(assignments).run
    assert (gateway.cell, gateway.run) == ("paper", run)
    assert gateway.book == exchange.book
    assert exchange.sources == cell_of(assignments).sources
    assert [decoded_assignment(each.encoded()) for each in assignments] == list(assignments)
    begin(home, run, whose="paper")
    books = [
        each.program.book
        for new in (False, True)
        for each in cast(outside, home, new=new)
        if isinstance(each.program, ExchangeSpec)
    ]
    assert books[0] == exchange.book != books[1]


def test_a_firm_has_a_run_for_its_cells_and_limits(home: Home) -> None:
    def run(**limits: Decimal) -> str:
        firm = FirmConfig(name="house", cells=("paper",), **limits)  # type: ignore[arg-type]
        assignments = cast(replace(topology(projector=True), firm=(firm,)), home)
        (found,) = (e.program for e in assignments if isinstance(e.program, FirmSpec))
        assert found.terms.cells == (("paper", cell_of(assignments).run),)
        (projector,) = (e.program for e in assignments if isinstance(e.program, ProjectorSpec))
        assert projector.cells == (*found.terms.cells, ("house", found.run))
        assert [decoded_assignment(each.encoded()) for each in assignments] == list(assignments)
        return found.run

    assert run() == run() != run(max_leverage=Decimal(3))


def test_a_search_is_named_by_what_it_looks_for_and_whoever_tries_has_a_share(home: Home) -> None:
    def found(config: SynthesisConfig) -> tuple[SearchSpec, list[TrialsSpec]]:
        assignments = cast(replace(topology(), cells=(), synthesis=(config,)), home)
        assert [decoded_assignment(each.encoded()) for each in assignments] == list(assignments)
        programs = [each.program for each in assignments]
        (search,) = (each for each in programs if isinstance(each, SearchSpec))
        return search, [each for each in programs if isinstance(each, TrialsSpec)]

    search, trials = found(looked_for())
    assert [(each.name, each.run, each.share) for each in trials] == [
        ("crosses-0", search.run, (0, 2)),
        ("crosses-1", search.run, (1, 2)),
    ]
    assert home.run_dir(search.run).terms.exists()
    again, (alone,) = found(replace(looked_for(), replicas=1))
    assert (again, alone.share) == (search, (0, 1)), "who shares the work decides nothing"
    other, _ = found(replace(looked_for(), returns_s=30))
    assert other.run != search.run
    unknown = SearchConfig(space={"speed": (1,)})
    with pytest.raises(ParameterError, match="has no parameter 'speed'"):
        found(replace(looked_for(), search=unknown))


def test_an_unfinished_run_is_gone_on_with_unless_another_is_wanted(home: Home) -> None:
    run = cell_of(cast(topology(), home)).run
    assert cell_of(cast(topology(), home, new=True)).run == run, "it has not begun"
    begin(home, run, whose="paper")
    assert cell_of(cast(topology(), home)).run == run
    assert cell_of(cast(topology(), home, new=True)).run == f"{run}.2"


def test_a_run_that_is_over_is_left_alone(home: Home) -> None:
    run = cell_of(cast(topology(), home)).run
    begin(home, run, whose="paper")
    home.run_dir(run).result.write_text("{}", encoding="utf-8")
    assert cell_of(cast(topology(), home)).run == f"{run}.2"


def test_somebody_elses_run_of_that_name_is_left_alone(home: Home) -> None:
    run = cell_of(cast(topology(), home)).run
    begin(home, run, whose="main")
    assert cell_of(cast(topology(), home)).run == f"{run}.2"


def test_another_configuration_is_another_run(home: Home) -> None:
    whole = topology()
    trading = replace(whole.cells[0].trading, valuation_every_ms=1)
    other = replace(whole, cells=(replace(whole.cells[0], trading=trading),))
    assert cell_of(cast(whole, home)).run != cell_of(cast(other, home)).run


def test_a_run_in_kafka_is_noted_with_its_cell(home: Home) -> None:
    directory = home.run_dir("r")
    note_backend(directory, JournalConfig(backend="kafka"), "paper")
    assert noted_backend(directory).cell == "paper"
    note_backend(home.run_dir("files"), JournalConfig(), "paper")
    assert noted_backend(home.run_dir("files")).backend == "sqlite"
