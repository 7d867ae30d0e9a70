"""docs/data.md: every example is run as printed, and what can be set is named."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from actors.feeds.formats.catalogue import FORMATS
from actors.feeds.formats.format import FileOptions
from actors.feeds.formats.headers import USUAL_NAMES
from actors.feeds.quality.policy import Action, QualityPolicy
from schemas.market import AssetClass

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))
EXAMPLES = re.findall(r"```sh\n(.*?)```\n(?:```text\n(.*?)```)?", PAGE, re.DOTALL)
PROGRAM = "import sys; from runtime.cli.main import main; main(sys.argv[1:])"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A directory that looks like the repository's root, to write into, with the program."""
    for name in ("tests", "runtime"):
        (tmp_path / name).symlink_to(ROOT / name)
    program = tmp_path / "bin" / "wakeline"
    program.parent.mkdir()
    command = shlex.join([sys.executable, "-c", PROGRAM])
    program.write_text(
        f'#!/bin/sh\nPYTHONSAFEPATH=1 PYTHONPATH={shlex.quote(str(ROOT))} exec {command} "$@"\n'
    )
    program.chmod(0o755)
    return tmp_path


def squeezed(text: str) -> str:
    """With one space for many, because a table's columns are as wide as what is in them."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


@pytest.mark.timeout(300)
def test_every_example_does_what_it_says(checkout: Path) -> None:
    environment = os.environ | {
        "PATH": f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "WAKELINE_HOME": str(checkout / "home"),
        "COLUMNS": "200",
    }
    for script, shown in EXAMPLES:
        done = subprocess.run(
            ["sh", "-e"],
            input=script,
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, script + done.stderr
        assert squeezed(shown) in squeezed(done.stdout)


def test_there_are_examples_with_and_without_their_output() -> None:
    assert len(EXAMPLES) == PAGE.count("```sh") == 9
    assert len([shown for _, shown in EXAMPLES if shown]) == PAGE.count("```text") == 4


def test_names_every_format() -> None:
    assert [known.name for known in FORMATS if f"| `{known.name}` |" not in PAGE] == []


@pytest.mark.parametrize("struct", [QualityPolicy, FileOptions])
def test_names_every_field(struct: type[QualityPolicy] | type[FileOptions]) -> None:
    words = set(re.findall(r"\w+", " ".join(NAMED)))
    assert set(struct.__struct_fields__) - words - {"symbol"} == set()


def test_tells_what_each_check_does_by_default() -> None:
    defaults = {
        name: action.value
        for name in QualityPolicy.__struct_fields__
        if isinstance(action := getattr(QualityPolicy(), name), Action)
    }
    assert len(defaults) == 7
    untold = [name for name, does in defaults.items() if f"| `{name}` | {does} |" not in PAGE]
    assert untold == []


def test_names_every_usual_name_of_a_column() -> None:
    usual = {name for names in USUAL_NAMES.values() for name in names}
    assert usual - NAMED == set()


def test_names_every_kind_of_instrument() -> None:
    assert set(AssetClass) - NAMED == set()
