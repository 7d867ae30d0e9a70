"""docs/risk.md: the firm's commands run as printed, its table is whole, its topology loads."""

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from runtime.topology import FirmConfig
from runtime.topology_file import load_topology
from tests.docs.commands import ROOT, Commands, lines_in
from tests.support.waiting import wait_until

PAGE: Final = (ROOT / "docs" / "risk.md").read_text(encoding="utf-8")
SAMPLE: Final = ROOT / "runtime" / "samples" / "firm.toml"


def test_names_every_field_of_a_firm() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {field.name for field in msgspec.structs.fields(FirmConfig)} - named == set()


def test_the_firm_is_the_samples() -> None:
    (printed,) = re.findall(r"```toml\n(\[\[firm\]\]\n.*?)```", PAGE, re.DOTALL)
    assert printed in SAMPLE.read_text(encoding="utf-8")
    assert load_topology(SAMPLE).firm[0].cells == ("breakout", "trend")


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(600)
def test_every_command_does_what_it_says(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.set_pace(SAMPLE, "1_200", 300)

    def running() -> bool:
        said = commands.run("wakeline status").stdout
        return all(re.search(rf"{name} +\w+ +running", said) for name in ("trend", "house"))

    def told(cell: str, command: str) -> bool:
        listed = commands.run(f"wakeline tail {cell} --kind operator.commanded").stdout
        return command in listed

    said: dict[str, str] = {}
    try:
        for line in lines_in(PAGE):
            if line.startswith("wakeline risk flatten"):
                wait_until(running, patience_s=120)
            done = commands.run(line)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            said[line] = done.stdout
            if line.startswith("wakeline risk resume"):
                wait_until(
                    lambda: told("trend", "risk.resume") and told("breakout", "risk.resume"),
                    patience_s=60,
                )
            if line.startswith("wakeline risk reduce-only"):
                wait_until(lambda: told("trend", "risk.reduce_only"), patience_s=60)
    finally:
        commands.run("wakeline down")
    assert re.search(r"house +firm", said["wakeline status"])
    listed = said["wakeline tail trend --kind operator.commanded"]
    for command in ("risk.flatten", "risk.resume", "risk.reduce_only"):
        assert command in listed
    for cell in ("trend", "breakout", "house"):
        assert said[f"wakeline replay {cell} --verify"].startswith("identical")
    listed = said["wakeline tail house --kind 'risk.*' --kind operator.commanded"]
    assert listed.count("risk.state_changed") >= 2
    (asked,) = (each for each in said if each.startswith("wakeline sql"))
    assert {line.split("-")[0].strip(" │") for line in said[asked].splitlines()} >= {
        "trend",
        "breakout",
        "house",
    }
