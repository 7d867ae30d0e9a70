"""docs/synthesis.md: its commands run as printed, its tables are whole, what it prints is so."""

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from actors.strategies.synthesis.search import SearchConfig
from runtime.topology import SynthesisConfig
from tests.docs.commands import ROOT, Commands

PAGE: Final = (ROOT / "docs" / "synthesis.md").read_text(encoding="utf-8")
SAMPLE: Final = ROOT / "runtime" / "samples" / "search.toml"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_names_every_field() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    fields = {
        field.name
        for struct in (SearchConfig, SynthesisConfig)
        for field in msgspec.structs.fields(struct)
    }
    assert fields - {"trading"} - named == set()


def test_the_space_is_the_samples() -> None:
    (printed,) = blocks("toml")
    assert printed in SAMPLE.read_text(encoding="utf-8")


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(400)
def test_every_command_does_what_it_says(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    said: dict[str, str] = {}
    for block in blocks("sh"):
        # A statement may go over several lines, a command of its own is one.
        for line in [block] if "SELECT" in block else block.splitlines():
            done = commands.run(line)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            said[line.split()[1]] = done.stdout
    assert re.search(r"channels-1 +trials +stopped", said["up"])
    assert said["tail"].count("strategy.retired") == 36
    assert "deflated Sharpe ratio 0.0003 of 36 trials does not reach 0.95" in said["tail"]
    (printed,) = re.findall(r"```\n( parameters.*?)```", PAGE, re.DOTALL)
    rows = [line.split() for line in printed.splitlines()]
    assert [line.split() for line in said["sql"].splitlines()[:4]] == rows
    best, pnl = rows[1][-1], rows[1][-2]
    assert f"run            {best}" in said["backtest"]
    assert f"{float(pnl):,.2f} USD" in said["backtest"]
    assert said["replay"].startswith("identical")
