"""Homes whose every run is verified, and a run that nothing happened to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from tests.acceptance.processes import processes_about
from tests.acceptance.program import Answer, Wakeline
from tests.support.waiting import wait_until


@pytest.fixture
def wakeline(tmp_path: Path) -> Iterator[Wakeline]:
    """The program with an empty home; every run that the test finished must verify."""
    program = Wakeline(tmp_path / "home")
    yield program
    wait_until(lambda: not processes_about(program.home))
    program.verify_finished_runs()


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nothing happened to.

    Attributes:
        duration_s: of its process, from start to end.
    """

    program: Wakeline
    result: Answer
    duration_s: float


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The day of ticks, once a session; tests read it and leave it as it is."""
    program = Wakeline(tmp_path_factory.mktemp("undisturbed") / "home")
    began = monotonic()
    result = program.backtest()
    duration_s = monotonic() - began
    program.verify_finished_runs()
    return Undisturbed(program, result, duration_s)
