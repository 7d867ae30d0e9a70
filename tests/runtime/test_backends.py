"""One configuration chooses where every kind of log is kept."""

from pathlib import Path

import pytest

from runtime.backends import Backend, JournalConfig, open_backend
from runtime.home import Home
from tests.contracts.ingress import post
from tests.contracts.market_log import SOURCE, append
from tests.support.steps import append_steps


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


@pytest.fixture(params=["sqlite", "memory"])
def backend(request: pytest.FixtureRequest, home: Home) -> Backend:
    return open_backend(JournalConfig(backend=request.param), home)


def test_a_log_that_is_asked_for_twice_is_one_log(backend: Backend) -> None:
    with backend.market_log().open(SOURCE) as feed, backend.journal("fxcm").open() as cell:
        append(feed, 3)
        append_steps(cell, 2)
    post(backend.ingress("fxcm"), "operator.anna", 0, 1)

    assert backend.market_log().end(SOURCE) == 3
    assert backend.journal("fxcm").end() == 2
    assert backend.ingress("fxcm").next_number("operator.anna") == 2


def test_cells_and_their_runs_have_logs_of_their_own(backend: Backend) -> None:
    for cell, run, steps in [
        ("a/b", "", 1),
        ("a/b", "run-1", 2),
        ("a/b", "run-2", 3),
        ("c", "", 4),
    ]:
        with backend.journal(cell, run).open() as writer:
            append_steps(writer, steps)
    ends = [backend.journal("a/b", run).end() for run in ("", "run-1", "run-2")]
    assert (*ends, backend.journal("c").end()) == (1, 2, 3, 4)
    post(backend.ingress("a/b"), "operator.anna", 0)
    assert backend.ingress("c").next_number("operator.anna") == 0


def test_a_run_in_files_lies_where_the_home_lists_it(home: Home) -> None:
    with open_backend(JournalConfig(), home).journal("main", "run-1").open() as writer:
        append_steps(writer, 1)
    assert [directory.run for directory in home.runs()] == ["run-1"]
