"""The five minutes of README.md: every command is run as it is printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = ".venv/bin/wakeline "


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line.removeprefix(PROGRAM)) for line in lines if line.startswith(PROGRAM)]


@pytest.mark.timeout(300)
def test_every_command_of_the_tour_does_what_it_says(tmp_path: Path) -> None:
    program = "import sys; from runtime.cli.main import main; main(sys.argv[1:])"
    told = {}
    for arguments in [["demo"], *commands()]:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env={**os.environ, "WAKELINE_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(arguments)}: {done.stderr}"
        told[shlex.join(arguments)] = done.stdout
    assert "order.vetoed" in told["tail --kind order.vetoed -n 3"]
    why = told["why"]
    assert why.index("order.vetoed") < why.index("signal.raised") < why.index("market.quote")
    assert told["replay --verify"].startswith("identical")
    assert told["replay --param period=10"].startswith("different")
    assert "config.strategies.0.parameters.fast" in told["compare previous latest"]


def test_every_page_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https://)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
