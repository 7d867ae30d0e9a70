"""Locks, permissions and half-made files."""

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from events.backends.sqlite.database import Durability
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_file import path_of
from events.backends.sqlite.market_log import SqliteMarketLog
from events.errors import Corrupt, DiskFull, InUse, LogError, Unwritable
from schemas.errors import UserError
from tests.contracts.kill import ROOT, writing
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.sqlite import places
from tests.support.steps import append_steps


def test_a_locked_log_names_the_process_that_holds_it(tmp_path: Path) -> None:
    place = "tests.events.backends.sqlite.places:journal"
    with writing("journal", place, tmp_path, seed=1) as acknowledged:
        acknowledged.readline()
        with pytest.raises(InUse, match=r"journal\.sqlite is in use by process \d+") as refused:
            places.journal(str(tmp_path)).open()
        holder = int(str(refused.value).split()[-1])
        assert holder != os.getpid()
        os.kill(holder, 0)
    places.journal(str(tmp_path)).open().close()


@pytest.mark.parametrize(
    ("durability", "synchronous"), [(Durability.POWER_CUT, 2), (Durability.PROCESS_CRASH, 1)]
)
def test_durability_is_what_sqlite_is_told(
    durability: Durability, synchronous: int, tmp_path: Path
) -> None:
    with SqliteJournal(tmp_path / "journal.sqlite", durability).open() as writer:
        assert writer._commits.one("PRAGMA synchronous") == (synchronous,)
        assert writer._commits.one("PRAGMA journal_mode") == ("wal",)


def test_live_trading_is_the_default_because_it_is_the_safe_one(tmp_path: Path) -> None:
    with SqliteMarketLog(tmp_path).open(SOURCE) as writer:
        assert writer._commits.one("PRAGMA synchronous") == (2,)


def test_what_a_crash_left_of_a_new_file_is_no_log_and_does_no_harm(tmp_path: Path) -> None:
    log = places.market_log(str(tmp_path))
    path = path_of(tmp_path / "market", SOURCE)
    path.parent.mkdir()
    path.with_name(f"{path.name}-new").write_bytes(b"half a database")
    path.with_name(f"{path.name}-new-journal").write_bytes(b"and its journal")

    assert list(log.sources()) == []
    with log.open(SOURCE) as writer:
        append(writer, 2)
    assert log.end(SOURCE) == 2
    assert not list(path.parent.glob("*-new*"))


def test_a_name_that_is_too_long_for_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 to 200 bytes as a file"):
        places.market_log(str(tmp_path)).open("binance/" * 30)


def test_many_flushes_are_kept_from_growing_the_write_ahead_log(tmp_path: Path) -> None:
    log = places.market_log(str(tmp_path))
    with log.open(SOURCE) as writer:
        reading = log.follow(SOURCE, until=lambda: False)
        for _ in range(60):
            append(writer, 4_000, 4_000)
            writer.flush()
            next(reading)
        wal = path_of(tmp_path / "market", SOURCE).with_suffix(".sqlite-wal")
        assert 0 < wal.stat().st_size < 24 * 2**20, "a reader must not hold the checkpoint back"


def test_a_place_that_cannot_be_written_is_the_users_to_change(tmp_path: Path) -> None:
    (tmp_path / "cells").write_text("a file where a folder has to be")
    with pytest.raises(Unwritable, match="cells") as refused:
        places.journal(str(tmp_path)).open()
    assert isinstance(refused.value, UserError)


def test_the_operating_system_refusing_to_write_loses_nothing_acknowledged(
    tmp_path: Path,
) -> None:
    program = """
import resource, sys
from tests.contracts.journal import append_until_it_fails
from tests.events.backends.sqlite import places
from events.errors import Unwritable
with places.journal(sys.argv[1]).open() as writer:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**21, 2**21))
    try:
        append_until_it_fails(writer)
    except Unwritable as error:
        print(writer.durable_seq, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    acknowledged, path = done.stdout.split()[:2]

    assert path.endswith("journal.sqlite:")
    journal = places.journal(str(tmp_path))
    assert journal.end() == int(acknowledged) + 1
    with journal.open() as writer:
        append_steps(writer, 1)
    assert len(list(journal.records())) == int(acknowledged) + 2


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), DiskFull),
        (PermissionError(errno.EACCES, "Permission denied"), Unwritable),
        (sqlite3.ProgrammingError("no code"), LogError),
    ],
)
def test_every_error_becomes_one_of_ours_and_names_the_file(
    error: Exception, expected: type[LogError]
) -> None:
    with (
        pytest.raises(LogError, match="runs/1/journal") as raised,
        typed_errors(Path("runs/1/journal")),
    ):
        raise error
    assert type(raised.value) is expected
    assert raised.value.__cause__ is error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_WRITE, Unwritable),
        (sqlite3.SQLITE_READONLY_DIRECTORY, Unwritable),
        (sqlite3.SQLITE_CORRUPT_INDEX, Corrupt),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, InUse),
    ],
)
def test_extended_result_codes_of_sqlite_are_understood(
    code: int, expected: type[LogError]
) -> None:
    error = sqlite3.OperationalError("said SQLite")
    error.sqlite_errorcode = code
    with pytest.raises(expected), typed_errors(Path("journal")):
        raise error
