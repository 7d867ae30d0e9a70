"""The frame around every command: help, errors and exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.cli.main import COMMANDS
from runtime.home import Home
from tests.runtime.cli.conftest import Call

HEAVY = ("pyarrow", "numpy", "pydantic", "chdb", "clickhouse_connect", "nautilus_trader", "jinja2")
NAMES = [command.__name__ for command, _ in COMMANDS]
GROUPS = ["kafka"]


def test_help_lists_every_command(call: Call) -> None:
    told = call("--help")
    assert told.code == 0
    assert re.findall(r"\n  ([a-z]+)  ", told.out.partition("Commands:")[2]) == NAMES + GROUPS


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_command_ends_with_an_example_of_it(call: Call, name: str) -> None:
    told = call(name, "--help")
    assert told.code == 0
    assert re.search(rf"\n  Example: wakeline {name}\b", told.out)
    assert "--json" in told.out


def test_no_arguments_are_a_question_for_help(call: Call) -> None:
    assert call().out == call("--help").out


def loaded_by(*arguments: str) -> list[str]:
    """What of the heavy modules a command has loaded when it is done."""
    program = (
        "import sys\nfrom runtime.cli.main import main\n"
        f"try:\n    main({arguments})\nexcept SystemExit as left:\n    assert not left.code\n"
        f"print(*[name for name in {(*HEAVY, 'rich')} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stderr.split()


def test_help_imports_nothing_heavy() -> None:
    assert loaded_by("--help") == []


def test_why_imports_nothing_heavy_but_what_colours_its_answer(recorded: Home) -> None:
    assert loaded_by("why", "--home", str(recorded.path)) == ["rich"]
    assert loaded_by("why", "--home", str(recorded.path), "--json") == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("tail", "--count", "many"), "'--count'"),
        (("tail", "--count", "-1"), "'--count'"),
        (("compare",), "Missing argument 'RUN RUN...'"),
        (("runs", "--home"), "'--home' requires an argument"),
        (("runs", "--json=no"), "'--json' does not take a value"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(
    call: Call, arguments: tuple[str, ...], complaint: str
) -> None:
    told = call(*arguments)
    assert (told.code, told.out) == (2, "")
    assert complaint in told.err


@pytest.mark.parametrize("arguments", [("nonsense",), ("sql",), ("runs", "--nonsense")])
def test_what_cannot_be_understood_is_one_line_and_exit_code_2(
    call: Call, arguments: tuple[str, ...]
) -> None:
    told = call(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1


def test_a_users_error_is_one_line_and_exit_code_2(call: Call, tmp_path: Path) -> None:
    told = call("runs", "--home", tmp_path)
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        f"error: home {tmp_path}: there is none yet; "
        "`wakeline demo`, `ingest` or `backtest` makes one\n"
    )


@pytest.mark.parametrize(
    "arguments", [("runs", "--home", "/nowhere"), ("runs", "--nonsense"), ("sql",)]
)
def test_with_json_an_error_is_also_one_object(call: Call, arguments: tuple[str, ...]) -> None:
    told = call(*arguments, "--json")
    assert told.code == 2
    assert told.answer == {"error": told.err.removeprefix("error: ").rstrip("\n")}


def test_a_file_that_is_not_ours_is_a_users_error(call: Call, recorded: Home) -> None:
    recorded.find_run().journal.write_bytes(b"no database at all")
    told = call("runs", "--home", recorded.path)
    assert told.code == 2
    assert "journal.sqlite" in told.err


def test_a_folder_without_permission_is_a_users_error(call: Call, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    told = call("schema", "--output", blocked / "below")
    assert (told.code, told.out) == (2, "")
    assert str(blocked) in told.err


def test_the_home_can_be_named_before_the_command_after_it_or_by_a_variable(
    call: Call, recorded: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = call("runs", "--json", "--home", recorded.path)
    before = call("--home", recorded.path, "runs", "--json")
    monkeypatch.setenv("WAKELINE_HOME", str(recorded.path))
    by_variable = call("runs", "--json")
    assert after.code == 0
    assert after == before == by_variable


def test_the_home_after_the_command_wins(call: Call, recorded: Home, tmp_path: Path) -> None:
    told = call("--home", tmp_path / "other", "runs", "--json", "--home", recorded.path)
    assert told.code == 0


BUG = """
import sys
import runtime.history
from runtime.cli.main import main

def broken(directory):
    raise ValueError("seven is not eight")

runtime.history.summary_of = broken
main(sys.argv[1:])
"""


@pytest.mark.parametrize("traceback", ["", "1"])
def test_a_bug_is_told_with_its_place_and_exit_code_1(recorded: Home, traceback: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUG, "runs", "--json", "--home", str(recorded.path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "WAKELINE_TRACEBACK": traceback},
    )
    assert done.returncode == 1
    assert "unexpected ValueError: seven is not eight at <string>:7" in done.stderr
    assert json.loads(done.stdout)["error"].startswith("unexpected ValueError")
    assert ("Traceback" in done.stderr) == bool(traceback)
    assert ("WAKELINE_TRACEBACK=1" in done.stderr) != bool(traceback)


def test_an_interrupt_ends_with_130(recorded: Home) -> None:
    program = BUG.replace('ValueError("seven is not eight")', "KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "-c", program, "runs", "--home", str(recorded.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (130, "")
