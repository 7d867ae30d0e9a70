from pathlib import Path

import pytest

from events.backends.sqlite.database import Durability, Layout
from events.backends.sqlite.group_commit import GroupCommit
from events.errors import LogError

NOTES = Layout(
    name="note book",
    application_id=b"Note",
    tables=("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",),
)


def open_notes(path: Path) -> GroupCommit:
    return GroupCommit(path, NOTES, Durability.POWER_CUT, insert="INSERT INTO notes VALUES (?, ?)")


def count(path: Path) -> int:
    notes = open_notes(path)
    row = notes.one("SELECT count(*) FROM notes")
    notes.close()
    assert row is not None
    return int(row[0])


def test_rows_and_what_changes_with_them_are_committed_together(tmp_path: Path) -> None:
    notes = open_notes(tmp_path / "notes")
    notes.add((1, "a"), 1)
    notes.commit(("UPDATE notes SET text = ? WHERE number = 1", ("b",)))
    assert notes.one("SELECT text FROM notes") == ("b",)
    notes.close()
    assert count(tmp_path / "notes") == 1


def test_a_failed_write_is_never_committed_by_halves(tmp_path: Path) -> None:
    notes = open_notes(tmp_path / "notes")
    notes.add((1, "a"), 1)
    notes.commit()
    notes.add((2, "b"), 1)
    notes.add((1, "taken"), 1)
    with pytest.raises(LogError, match="UNIQUE constraint failed"):
        notes.commit()
    for _ in range(2):
        with pytest.raises(LogError, match="UNIQUE constraint failed"):
            notes.commit()
    with pytest.raises(LogError, match="UNIQUE constraint failed"):
        notes.add((3, "c"), 1)
    notes.close()
    assert count(tmp_path / "notes") == 1


def test_what_was_added_and_not_committed_is_dropped_by_closing(tmp_path: Path) -> None:
    notes = open_notes(tmp_path / "notes")
    for number in range(4):
        notes.add((number, "x" * 2**19), 2**19)
    assert notes.one("SELECT count(*) FROM notes") == (4,), "they were handed to the transaction"
    notes.close()
    assert count(tmp_path / "notes") == 0
