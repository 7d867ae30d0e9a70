"""Real faults on real processes under load: nothing lost, nothing doubled, the same decisions."""

import os
import re
import signal

import pytest

from tests.acceptance.audit import check_journal, check_tables
from tests.acceptance.program import Wakeline
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import CARE, System, paced, topology
from tests.runtime.programs.days import hash_of_backtest

pytestmark = [
    pytest.mark.xdist_group("hosts"),
    pytest.mark.timeout(300),
    pytest.mark.parametrize("host", ["process", "ray"], indirect=True),
]


def finish(system: System) -> None:
    assert system.supervisor.run(0.005) == "finished"
    assert system.decision_hash() == hash_of_backtest()


def test_kill_9_of_everybody_in_turn_changes_nothing(system: Build) -> None:
    built = system(topology(pace=240, projector=True))
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 20)
    victims = [*("files", "paper", "projector")] * 2
    for victim in victims:
        steps = built.step_count()
        built.kill(victim)
        assert built.step_count() >= steps, "what was acknowledged is there"
    assert [built.actor(name).restarts for name in ("files", "paper", "projector")] == [2, 2, 2]
    assert re.search("SIGKILL|its worker process has died", built.actor("paper").error)
    finish(built)
    program = Wakeline(built.home.path)
    check_tables(program, built.run, check_journal(program, built.run))
    assert {step.epoch for step in built.steps()} == {1, 2, 3}


def test_a_stopped_cell_is_dead_before_its_replacement_begins(system: Build) -> None:
    built = system(topology(pace=480), paced(CARE, timeout_ms=3_000))
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 20)
    ghost = built.pid("paper")
    os.kill(ghost, signal.SIGSTOP)
    built.await_replacement("paper", ghost)
    assert built.actor("paper").error.startswith("hung: no turn was finished for ")
    with pytest.raises(ProcessLookupError):
        os.kill(ghost, signal.SIGCONT)
    finish(built)
