"""The decisions depend on the market and the configuration, and on nothing else."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from events.backends.memory.journal import MemoryJournal
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.journal import Journal
from runtime.home import Home
from schemas.envelope import Step
from tests.acceptance import in_memory
from tests.acceptance.audit import decision_hash_of
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.processes import Victim, kill, wait_for
from tests.acceptance.program import BACKTEST, SAMPLES, TICKS, Wakeline

HOURS = SAMPLES / "dukascopy-node" / "EURUSD" / "2019" / "01" / "04"
HOUR = HOURS / "01h_ticks.bi5"
EVERYTHING = 10**9


def told(steps: list[Step]) -> list[tuple[object, ...]]:
    """All that a journal says but when it was recorded: also how its steps were cut."""
    return [
        (step.seq, step.ts, step.slices, *((e.id, e.cause, e.ts, e.payload) for e in step.events))
        for step in steps
    ]


@pytest.fixture(scope="module")
def expected() -> list[Step]:
    """An hour of real ticks under three strategies, with every kind of order."""
    steps = in_memory.run(*in_memory.ingested([HOUR]))
    kinds = {event.kind for step in steps for event in step.events}
    assert {"order.filled", "order.vetoed", "order.cancelled", "order.accepted"} <= kinds
    return steps


@pytest.mark.parametrize("rows_per_window", [1, 7, 1_000, EVERYTHING])
def test_the_journal_does_not_depend_on_how_the_market_is_cut_into_windows(
    expected: list[Step], rows_per_window: int
) -> None:
    log, sources = in_memory.ingested([HOUR])
    assert told(in_memory.run(log, sources, rows_per_window=rows_per_window)) == told(expected)


@pytest.mark.parametrize("rows_per_record", [1, 100, EVERYTHING])
def test_the_journal_does_not_depend_on_the_size_of_the_market_logs_records(
    expected: list[Step], rows_per_record: int
) -> None:
    log, sources = in_memory.ingested([HOUR], rows_per_record=rows_per_record)
    assert told(in_memory.run(log, sources)) == told(expected)


@pytest.mark.parametrize(
    "journal_in",
    [lambda _: MemoryJournal(), lambda folder: SqliteJournal(folder / "journal.sqlite")],
    ids=["memory", "sqlite"],
)
def test_the_decision_hash_does_not_depend_on_the_journals_backend(
    expected: list[Step], journal_in: Callable[[Path], Journal], tmp_path: Path
) -> None:
    log, sources = in_memory.ingested([HOUR])
    steps = in_memory.run(log, sources, journal=journal_in(tmp_path))
    assert decision_hash_of(steps) == decision_hash_of(expected)


@pytest.mark.xdist_group("acceptance")
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
        {"PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    ],
    ids=lambda environment: environment["PYTHONHASHSEED"],
)
def test_the_decision_hash_does_not_depend_on_the_environment(
    tmp_path: Path, undisturbed: Undisturbed, environment: dict[str, str]
) -> None:
    there = Wakeline(tmp_path / "home", environment)
    assert there.backtest()["decision_hash"] == undisturbed.result["decision_hash"]
    there.verify_finished_runs()


@pytest.mark.xdist_group("acceptance")
def test_a_run_does_not_depend_on_where_its_files_lie(
    wakeline: Wakeline, undisturbed: Undisturbed
) -> None:
    elsewhere = wakeline.home.parent / TICKS.relative_to(TICKS.parents[4])
    copytree(TICKS, elsewhere)
    arguments = [str(elsewhere) if each == str(TICKS) else each for each in BACKTEST]
    home = Home(wakeline.home)
    process = wakeline.start(*BACKTEST)
    with process:
        assert wait_for(process, lambda: any(SqliteJournal(r.journal).end() for r in home.runs()))
        assert kill(process, Victim.GROUP)
    answer = wakeline.ask(*arguments)
    assert answer["recovered_steps"], "it is the same run, and was gone on with"
    same = ("run", "decision_hash", "ticks")
    assert [answer[key] for key in same] == [undisturbed.result[key] for key in same]


def test_a_run_does_not_depend_on_the_order_in_which_paths_are_given(wakeline: Wakeline) -> None:
    paths = [HOURS / "22h_ticks.bi5", HOUR]
    first, second = (
        wakeline.ask(
            "backtest",
            *(part for path in given for part in ("--data", str(path))),
            *("--instrument", "EUR/USD", "--venue", "DUKASCOPY"),
            *("--strategy", "ema_cross", "--new"),
        )
        for given in (paths, paths[::-1])
    )
    assert first["decision_hash"] == second["decision_hash"]
    assert first["run"] != second["run"], "the second was not a run of its own"
    assert len(SqliteMarketLog(Home(wakeline.home).market).sources()) == 1
