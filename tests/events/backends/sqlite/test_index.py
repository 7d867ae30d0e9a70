"""The index beside a journal: it catches up, and forgets a journal that was replaced."""

from pathlib import Path

import pytest

from events.backends.sqlite.index import SqliteJournalIndex
from events.backends.sqlite.journal import SqliteJournal
from events.errors import Corrupt
from events.index import Role, names_in
from events.journal import JournalRecord
from runtime.home import Home
from tests.support.handmade import write_run
from tests.support.steps import append_steps


@pytest.fixture
def journal(tmp_path: Path) -> SqliteJournal:
    return SqliteJournal(tmp_path / "journal.sqlite")


@pytest.fixture
def index(tmp_path: Path) -> SqliteJournalIndex:
    return SqliteJournalIndex(tmp_path / "index.sqlite")


def put(journal: SqliteJournal, count: int) -> None:
    with journal.open() as writer:
        append_steps(writer, count)


def ids(journal: SqliteJournal) -> list[str]:
    return [name for r in journal.records() for name, role in names_in(r) if role is Role.EVENT]


def test_an_empty_journal_has_an_empty_index(
    journal: SqliteJournal, index: SqliteJournalIndex
) -> None:
    index.catch_up(journal)
    assert index.starting_with("", limit=10) == []


def test_every_event_is_found_in_its_step(
    journal: SqliteJournal, index: SqliteJournalIndex
) -> None:
    put(journal, 50)
    index.catch_up(journal)
    found = {name: index.steps(name, Role.EVENT) for name in ids(journal)}
    assert sorted(seq for (seq,) in found.values()) == sorted([*range(50), *range(50)])


def test_what_was_appended_since_is_taken_in(
    journal: SqliteJournal, index: SqliteJournalIndex
) -> None:
    put(journal, 3)
    index.catch_up(journal)
    before = len(index.starting_with("", limit=1_000))
    put(journal, 4)
    index.catch_up(journal)
    assert (before, len(index.starting_with("", limit=1_000))) == (6, 14)


def test_an_index_of_another_journal_is_made_anew(
    tmp_path: Path, index: SqliteJournalIndex
) -> None:
    home = Home.create(tmp_path / "home")
    write_run(home)
    index.catch_up(SqliteJournal(home.find_run().journal))
    assert index.steps("T-1", Role.TRADE) != []
    for count in (2, 40):  # one shorter and one longer than what it had
        other = SqliteJournal(tmp_path / f"other-{count}.sqlite")
        put(other, count)
        index.catch_up(other)
        assert index.steps("T-1", Role.TRADE) == []
        assert len(index.starting_with("", limit=1_000)) == 2 * count


def test_orders_trades_and_causes_are_told_apart(home_index: SqliteJournalIndex) -> None:
    assert {role for _, role in home_index.starting_with("T-1", limit=5)} == {
        Role.EVENT,
        Role.TRADE,
    }
    assert home_index.steps("T-1", Role.TRADE) == [4]
    assert home_index.steps("T-1", Role.CAUSE) == [4]
    assert home_index.steps("T-1", Role.ORDER) == []


def test_names_come_by_their_beginning_in_order_and_bounded(
    home_index: SqliteJournalIndex,
) -> None:
    assert [name for name, _ in home_index.starting_with("T-", limit=3)] == ["T-1", "T-1", "T-2"]
    assert home_index.starting_with("%", limit=3) == []


def test_a_record_that_is_no_step_is_corrupt() -> None:
    with pytest.raises(Corrupt, match="step 7"):
        list(names_in(JournalRecord(7, b'{"input": 3}')))


@pytest.fixture
def home_index(tmp_path: Path, index: SqliteJournalIndex) -> SqliteJournalIndex:
    home = Home.create(tmp_path / "home")
    write_run(home)
    index.catch_up(SqliteJournal(home.find_run().journal))
    return index
