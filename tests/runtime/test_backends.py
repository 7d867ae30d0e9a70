"""One configuration chooses where every kind of log is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.backends import (
    Backend,
    JournalConfig,
    Kept,
    journal_config,
    note_backend,
    noted_backend,
    open_backend,
    shared_cluster,
)
from runtime.home import Home
from schemas.errors import UserError
from tests.contracts.ingress import post
from tests.contracts.market_log import SOURCE, append
from tests.support.kafka import kafka_bootstrap, kafka_config
from tests.support.steps import append_steps

__all__ = ["kafka_bootstrap", "kafka_config"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


@pytest.fixture(params=["sqlite", "memory", "kafka"])
def backend(request: pytest.FixtureRequest, home: Home) -> Iterator[Backend]:
    if request.param != "kafka":
        yield open_backend(JournalConfig(backend=request.param), home)
        return
    config = request.getfixturevalue("kafka_config")
    yield open_backend(JournalConfig(backend="kafka", kafka=config), home)
    shared_cluster(config).close()


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


def test_a_run_remembers_where_its_logs_are(home: Home) -> None:
    here, there = home.run_dir("here"), home.run_dir("there")
    kafka = JournalConfig(backend="kafka")
    note_backend(here, JournalConfig())
    note_backend(there, kafka, "paper")
    assert noted_backend(here) == Kept()
    assert noted_backend(there) == Kept(backend="kafka", cell="paper")
    assert [directory.run for directory in home.runs()] == ["there"]


def test_a_note_that_cannot_be_read_is_named(home: Home) -> None:
    directory = home.run_dir("broken")
    directory.elsewhere.write_text("{")
    with pytest.raises(UserError, match=r"journal\.json"):
        noted_backend(directory)


def test_kafka_without_a_broker_of_this_home_means_the_usual_address(home: Home) -> None:
    config = journal_config("kafka", home)
    assert (config.backend, config.kafka.bootstrap) == ("kafka", "localhost:9092")
    assert journal_config("sqlite", home) == JournalConfig()
    with pytest.raises(UserError, match="there is sqlite, kafka, or a TOML file"):
        journal_config("rabbit", home)
