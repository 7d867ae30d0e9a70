"""The end of a journal: filtered, bounded, and followed."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from events.backends.sqlite.journal import SqliteJournal
from runtime.following import coming_events, last_events
from runtime.home import Home
from tests.support.steps import append_steps


@pytest.fixture
def journal(recorded: Home) -> SqliteJournal:
    return SqliteJournal(recorded.find_run().journal)


def test_gives_the_last_events_oldest_first(journal: SqliteJournal) -> None:
    last = last_events(journal, 3, (), journal.end())
    assert [event.kind for event in last] == ["market.bar", "signal.withheld", "cell.stopped"]
    assert [event.position.rpartition(":")[2] for event in last] == ["9.0", "9.1", "10.0"]


def test_keeps_only_the_kinds_that_were_asked_for(journal: SqliteJournal) -> None:
    found = last_events(journal, 100, ("order.*", "signal.withheld"), journal.end())
    assert {event.kind.partition(".")[0] for event in found} == {"order", "signal"}
    assert all(
        event.kind == "signal.withheld" or fnmatchcase(event.kind, "order.*") for event in found
    )
    assert sum(event.kind == "order.vetoed" for event in found) == 1


def test_goes_back_as_far_as_it_must(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    with journal.open() as writer:
        append_steps(writer, 1_500)
    found = last_events(journal, 1_200, ("signal.raised",), journal.end())
    assert [int(event.position.split(":")[1].split(".")[0]) for event in found] == [
        *range(300, 1_500)
    ]


def test_no_events_are_asked_for_and_none_come(journal: SqliteJournal) -> None:
    assert last_events(journal, 0, (), journal.end()) == []


def test_follows_what_is_appended_later(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    with journal.open() as writer:
        append_steps(writer, 2)
        writer.flush()
        coming = coming_events(journal, 1, ("signal.*",), until=lambda: journal.end() == 3)
        first = next(coming)
        append_steps(writer, 1)
        writer.flush()
        assert [first.position, *(event.position for event in coming)] == ["run-1:1.1", "run-1:2.1"]
