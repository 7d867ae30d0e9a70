"""docs/execution.md: its commands run as printed, and every field is there."""

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from runtime.topology import ExchangeConfig, ExecutionConfig
from runtime.topology_file import load_topology
from tests.docs.commands import ROOT, Commands, lines_in
from tests.support.waiting import wait_until

PAGE: Final = (ROOT / "docs" / "execution.md").read_text(encoding="utf-8")
SAMPLE: Final = ROOT / "runtime" / "samples" / "execution.toml"


@pytest.mark.parametrize("struct", [ExchangeConfig, ExecutionConfig])
def test_names_every_field(struct: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {field.name for field in msgspec.structs.fields(struct)} - named == set()


def test_says_how_long_a_lease_lasts() -> None:
    (gateway,) = load_topology(SAMPLE).execution
    for field in ("lasts_ms", "settles_ms", "audit_ms"):
        assert re.search(rf"`{field}` \| {getattr(gateway, field):,} \|", PAGE)


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(600)
def test_every_command_does_what_it_says(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.set_pace(SAMPLE, "240", 400)

    told: dict[str, list[str]] = {}
    try:
        for line in lines_in(PAGE):
            if line.startswith(("kill", "wakeline down")):
                wait_for_fills(commands, 3)
            done = commands.run(line)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            told.setdefault(line, []).append(done.stdout)
    finally:
        commands.run("wakeline down")
    assert_told(told)


def wait_for_fills(commands: Commands, more: int) -> None:
    def fills() -> int:
        listed = commands.run("wakeline tail sending --kind order.filled --count 1000").stdout
        return listed.count("order.filled")

    before = fills()
    wait_until(lambda: fills() >= before + more, patience_s=200)


def assert_told(told: dict[str, list[str]]) -> None:
    before, after = told["wakeline status"]
    assert re.search(r"paper +exchange +\w+", before)
    assert re.search(r"desk +execution +\w+", after)
    assert told["wakeline replay sending --verify"][0].startswith("identical")
    (counted,) = (said for line, (said, *_) in told.items() if line.startswith("wakeline sql"))
    times = dict(re.findall(r"(order\.\w+) +(\d+)", counted))
    assert int(times["order.submitting"]) >= 3
    (traced,) = (said for line, (said, *_) in told.items() if line.startswith("wakeline trace"))
    assert "perform order.approved" in traced
