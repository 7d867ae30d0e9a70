"""docs/cli.md shows the help that the program really prints.

``python -m tests.docs.test_cli_page`` writes the page's second half anew.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.cli.main import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
BEGINS = "<!-- What follows is written by tests/docs/test_cli_page.py -->\n"
NAMES = [
    *(command.__name__ for command, _ in COMMANDS),
    *(f"kafka {name}" for name in ("up", "down", "status")),
]


def section(name: str) -> str:
    program = "import sys; from runtime.cli.main import main; main(sys.argv[1:])"
    told = subprocess.run(
        [sys.executable, "-c", program, *name.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "100"},
    )
    return f"\n## wakeline {name}\n```\n{told.stdout.rstrip()}\n```\n"


@pytest.mark.parametrize("name", NAMES)
def test_shows_the_help_of_every_command_as_it_is(name: str) -> None:
    assert section(name) in PAGE.read_text(encoding="utf-8")


def test_shows_no_command_that_is_gone() -> None:
    generated = PAGE.read_text(encoding="utf-8").partition(BEGINS)[2]
    assert generated.count("\n## wakeline ") == len(NAMES)


if __name__ == "__main__":
    head, begins, _ = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    PAGE.write_text(head + begins + "".join(map(section, NAMES)), encoding="utf-8")
