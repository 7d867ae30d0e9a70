"""``replay --verify``: the same again in another process, or the first difference, or an error."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from runtime.home import Home
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.program import Wakeline

pytestmark = pytest.mark.xdist_group("acceptance")


def test_a_run_comes_out_the_same_in_another_process(undisturbed: Undisturbed) -> None:
    replayed = undisturbed.program.ask("replay", "--verify")
    assert replayed == {
        "run": undisturbed.result["run"],
        "identical": True,
        "decisions": replayed["decisions"],
        "first_difference": None,
        "same_code": True,
    }
    fills = undisturbed.result["fills"]
    assert isinstance(replayed["decisions"], int)
    assert isinstance(fills, int)
    assert replayed["decisions"] > fills > 0


def test_nothing_depended_on_the_ticks_that_the_venue_was_spared(undisturbed: Undisturbed) -> None:
    replayed = undisturbed.program.ask("replay", "--verify", "--every-tick")
    assert replayed["identical"] is True


def test_a_changed_parameter_shows_the_first_difference_side_by_side(
    undisturbed: Undisturbed,
) -> None:
    done = undisturbed.program.run("replay", "--verify", "--param", "fast=11", "--json")
    assert done.code == 1
    assert {"identical", "decisions", "first_difference"} <= done.answer.keys()
    assert done.answer["identical"] is False
    difference = done.answer["first_difference"]
    assert isinstance(difference, dict)
    assert difference["recorded"] != difference["recomputed"]
    assert difference["fields"]
    told = undisturbed.program.run("replay", "--verify", "--param", "fast=11")
    assert told.code == 1
    header = next(line for line in told.stdout.splitlines() if "recomputed" in line)
    assert header.split() == [
        "step",
        f"{difference['seq']}.{difference['index']}",
        "recorded",
        "recomputed",
    ]


def test_a_difference_without_verify_is_an_answer_and_no_failure(undisturbed: Undisturbed) -> None:
    assert undisturbed.program.ask("replay", "--param", "fast=11")["identical"] is False


def flip_a_byte(steps: sqlite3.Connection) -> None:
    """What a bad disk does."""
    body = bytearray(*steps.execute("SELECT body FROM steps WHERE seq = 700").fetchone())
    body[len(body) // 2] ^= 1
    steps.execute("UPDATE steps SET body = ? WHERE seq = 700", (bytes(body),))


def rewrite_when_it_was_recorded(steps: sqlite3.Connection) -> None:
    """What somebody does who knows of the checksum: it touches no decision."""
    (body,) = steps.execute("SELECT body FROM steps WHERE seq = 700").fetchone()
    start = body.index(b'"ts_recorded":') + len(b'"ts_recorded":')
    forged = body[:start] + b"1" + body[start + 1 :]
    forged = forged if forged != body else body[:start] + b"2" + body[start + 1 :]
    steps.execute("UPDATE steps SET body = ?, crc = ? WHERE seq = 700", (forged, crc32(forged)))


def delete_a_step(steps: sqlite3.Connection) -> None:
    steps.execute("DELETE FROM steps WHERE seq = 700")


def delete_the_last_step(steps: sqlite3.Connection) -> None:
    steps.execute("DELETE FROM steps WHERE seq = (SELECT max(seq) FROM steps)")


@pytest.mark.parametrize(
    ("tamper", "complaint"),
    [
        (flip_a_byte, "step 700: checksum differs"),
        (rewrite_when_it_was_recorded, "step 701 of its journal is not what was written"),
        (delete_a_step, "step 700 is missing"),
        (delete_the_last_step, "its journal has lost its end"),
    ],
)
def test_a_tampered_journal_is_never_called_identical(
    undisturbed: Undisturbed,
    tmp_path: Path,
    tamper: Callable[[sqlite3.Connection], None],
    complaint: str,
) -> None:
    copy = Wakeline(tmp_path / "home")
    source = undisturbed.program.home
    shutil.copytree(source, copy.home, ignore=shutil.ignore_patterns("clickhouse"))
    (run,) = Home(copy.home).runs()
    with sqlite3.connect(run.journal) as steps:
        tamper(steps)
    steps.close()
    assert complaint in copy.run("replay", "--verify").complaint
