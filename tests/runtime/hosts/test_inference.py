"""An inference gateway beside a cell, on hosts where it is a process of its own."""

import os
import signal
from collections.abc import Mapping

import msgspec
import pytest

from actors.patterns.config import PatternConfig
from events.backends.files.span_file import SpanFiles
from events.spans import SpanReader
from runtime.config import StrategyConfig
from runtime.home import RunDirectory
from runtime.programs.program import Stage
from runtime.replaying import verify
from runtime.supervision.lifecycle import Phase
from runtime.telemetry.config import TelemetryConfig
from runtime.topology import InferenceConfig, Topology
from schemas.envelope import Step
from schemas.model import ModelServed
from schemas.pattern import PatternAbstained
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import topology

pytestmark = [
    pytest.mark.xdist_group("hosts"),
    pytest.mark.timeout(200),
    pytest.mark.parametrize("host", ["pykka", "process", "ray"], indirect=True),
]


def asking() -> Topology:
    """A cell that asks the shipped model, about bars that are not what it has learned."""
    whole = topology(pace=60)
    cell = whole.cells[0]
    trading = msgspec.structs.replace(
        cell.trading,
        strategies=(
            *cell.trading.strategies,
            StrategyConfig(use="pattern_confirmation", parameters={"interval": "10s"}),
        ),
        patterns=(PatternConfig(use="fast", interval="10s", deadline_ms=900_000),),
        telemetry=TelemetryConfig(sample=1.0),
    )
    return msgspec.structs.replace(
        whole,
        cells=(msgspec.structs.replace(cell, trading=trading),),
        inference=(InferenceConfig(name="models", cells=("paper",), device="cpu"),),
    )


def answered(steps: list[Step]) -> list[str]:
    """What the gateway said, by its reasons."""
    return [
        step.input.payload.reason
        for step in steps
        if isinstance(step.input.payload, PatternAbstained) and step.origin is not None
    ]


def test_kill_9_of_the_gateway_costs_no_answer_that_was_given(system: Build) -> None:
    built = system(asking())
    built.supervisor.launch()
    built.turned_until(lambda: len(answered(built.steps())) > 3)
    dead = built.pid("models")
    os.kill(dead, signal.SIGKILL)

    def replaced() -> bool:
        return built.pid("models") not in (0, dead) and (
            built.actor("models").phase is Phase.RUNNING
        )

    built.turned_until(replaced)
    before = len(answered(built.steps()))
    built.turned_until(lambda: len(answered(built.steps())) > before + 3)
    built = built.finished_without_pace()
    steps = built.steps()
    assert set(answered(steps)) == {"other_interval"}
    served = [s.input.payload for s in steps if isinstance(s.input.payload, ModelServed)]
    assert len(served) >= 2, "one for each gateway that came to answer"
    assert {each.recogniser for each in served} == {"fast"}
    program = built.actor("models").program
    assert program is not None
    assert program.stage is Stage.FINISHED
    assert verify(built.home, built.home.run_dir(built.run)).verdict.identical
    assert_traced(built.home.run_dir(built.run), answers=len(answered(steps)))


def assert_traced(directory: RunDirectory, answers: int) -> None:
    """What the gateways did stands below what they were asked, whoever measured it."""
    by_name = {name: reader.read(0, 1 << 30)[0] for name, reader in files(directory).items()}
    asked = {span.id: span.trace for span in by_name["spans"] if span.name == "pattern.requested"}
    performed = by_name["spans-models"]
    assert {span.name for span in performed} == {"perform pattern.requested"}
    assert len(performed) > answers / 2, "kill -9 takes the last notes with it, and no more"
    assert all(asked[span.parent] == span.trace for span in performed)


def files(directory: RunDirectory) -> Mapping[str, SpanReader]:
    return SpanFiles(directory.path).readers()
