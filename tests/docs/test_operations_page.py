"""docs/operations.md: every command is run as it is printed, and every field is named."""

import re
from pathlib import Path

import msgspec
import pytest

from actors.patterns.serving.engine import ServingConfig
from runtime.hosts.ray.config import RayConfig
from runtime.programs.program import Stage
from runtime.programs.specs import Placement
from runtime.supervision.lifecycle import Phase
from runtime.supervision.policy import Heartbeat, RestartPolicy
from runtime.topology import (
    CellConfig,
    FeedConfig,
    HostConfig,
    InferenceConfig,
    ProjectorConfig,
)
from runtime.topology_file import load_topology
from tests.docs.commands import ROOT, Commands, lines_in
from tests.support.waiting import wait_until

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TOPOLOGIES = sorted((ROOT / "runtime" / "samples").glob("paper-*.toml"))
STRUCTS = (
    HostConfig,
    Heartbeat,
    RestartPolicy,
    FeedConfig,
    InferenceConfig,
    ServingConfig,
    ProjectorConfig,
    Placement,
    RayConfig,
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_names_every_field(struct: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE)) | {"heartbeat", "restart"}
    assert {field.name for field in msgspec.structs.fields(struct)} - named == set()


def test_names_every_field_of_a_cell_and_every_state() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {field.name for field in msgspec.structs.fields(CellConfig)} - {"trading"} - named == (
        set()
    )
    assert {*Stage, *Phase} - named == set()


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
def test_the_shipped_topologies_differ_in_their_host_alone(path: Path) -> None:
    one, other = load_topology(path), load_topology(path.with_name("paper-process.toml"))
    assert path.stem == f"paper-{one.host.kind}"
    assert (one.feeds, one.cells, one.projector) == (other.feeds, other.cells, other.projector)


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(900)
def test_every_command_does_what_it_says(tmp_path: Path) -> None:
    commands = Commands(tmp_path)

    def cell_runs() -> bool:
        return (
            re.search(r"paper +cell +running", commands.run("wakeline status").stdout) is not None
        )

    told: dict[str, list[str]] = {}
    try:
        for line in lines_in(PAGE):
            for path in TOPOLOGIES:
                # A slow machine must not miss a session, nor wait long for the end of one.
                commands.set_pace(path, "1_200", 300 if "--detach" in line else 6_000)
            if line.startswith(("wakeline pause", "kill")):
                wait_until(cell_runs, patience_s=120)  # A reader takes that long.
            done = commands.run(line)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            told.setdefault(line, []).append(done.stdout)
    finally:
        commands.run("wakeline down")
    assert [said.split(":")[0] for said in told["wakeline replay paper --verify"]] == (
        ["identical"] * 2
    )
    assert told["wakeline replay --verify"][0].startswith("identical")
    (operated,) = told["wakeline tail paper --kind operator.commanded"]
    for command in ("cell.pause", "cell.resume", "topology.down"):
        assert command in operated
    assert "drained" in told["wakeline runs"][0]
    assert "The same decisions." in told["wakeline compare previous latest"][0]
