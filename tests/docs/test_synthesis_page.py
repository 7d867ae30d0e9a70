"""docs/synthesis.md: its commands run as printed, its tables are whole, what it prints is so."""

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from actors.strategies.synthesis.search import SearchConfig
from runtime.topology import SynthesisConfig
from tests.docs.commands import ROOT, Commands, lines_in

PAGE: Final = (ROOT / "docs" / "synthesis.md").read_text(encoding="utf-8")
SAMPLE: Final = ROOT / "runtime" / "samples" / "search.toml"


def test_names_every_field() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    fields = {
        field.name
        for struct in (SearchConfig, SynthesisConfig)
        for field in msgspec.structs.fields(struct)
    }
    assert fields - {"trading"} - named == set()


def test_the_space_is_the_samples() -> None:
    (printed,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert printed in SAMPLE.read_text(encoding="utf-8")


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(400)
def test_every_command_does_what_it_says(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    said: dict[str, str] = {}
    for line in lines_in(PAGE):
        done = commands.run(line)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        said[line.split()[1]] = done.stdout
    assert re.search(r"channels-1 +trials +stopped", said["up"])
    (printed,) = re.findall(r"```\n( parameters.*?)```", PAGE, re.DOTALL)
    assert [line.split() for line in said["candidates"].splitlines()] == [
        line.split() for line in printed.splitlines()
    ]
    best = printed.splitlines()[1].split()
    profit, backtest = best[4], best[8]
    assert f"run            {backtest}" in said["backtest"]
    assert f"{profit} USD" in said["backtest"]
    assert said["replay"].startswith("identical")
    assert said["tail"].count("strategy.proposed") == 2
    assert "3 rows" in said["sql"]
