"""Real faults on real processes under load: nothing lost, nothing doubled, the same decisions."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.hosts.process.host import ProcessHost
from runtime.programs.program import Stage
from runtime.supervision.lifecycle import Phase
from tests.acceptance.audit import check_journal, check_tables
from tests.acceptance.program import Wakeline
from tests.runtime.hosts.systems import CARE, INTERVAL_MS, System, home_at, paced, topology
from tests.runtime.programs.days import hash_of_backtest

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]


@pytest.fixture
def host() -> Iterator[ProcessHost]:
    made = ProcessHost(INTERVAL_MS)
    yield made
    made.close()


def pid_of(system: System, name: str) -> int:
    return int(system.actor(name).place.removeprefix("process "))


def await_replacement(system: System, name: str, dead: int) -> None:
    """Until another incarnation is at work, and has caught up with what was recorded."""

    def works() -> bool:
        program = system.actor(name).program
        return (
            system.actor(name).phase is Phase.RUNNING
            and pid_of(system, name) != dead
            and program is not None
            and program.stage in (Stage.RUNNING, Stage.FINISHED)
        )

    system.turned_until(works)


def finish(system: System) -> None:
    assert system.supervisor.run(0.005) == "finished"
    assert system.decision_hash() == hash_of_backtest()


def test_kill_9_of_everybody_in_turn_changes_nothing(host: ProcessHost, tmp_path: Path) -> None:
    system = System(home_at(tmp_path / "home"), host, topology(pace=240, projector=True), CARE)
    system.supervisor.launch()
    system.turned_until(lambda: system.step_count() > 20)
    victims = [*("files", "paper", "projector")] * 2
    for victim in victims:
        dead, steps = pid_of(system, victim), system.step_count()
        os.kill(dead, signal.SIGKILL)
        await_replacement(system, victim, dead)
        assert system.step_count() >= steps, "what was acknowledged is there"
    assert [system.actor(name).restarts for name in ("files", "paper", "projector")] == [2, 2, 2]
    assert "SIGKILL" in system.actor("paper").error
    finish(system)
    program = Wakeline(system.home.path)
    check_tables(program, system.run, check_journal(program, system.run))
    assert {step.epoch for step in system.steps()} == {1, 2, 3}


def test_a_stopped_cell_is_dead_before_its_replacement_begins(
    host: ProcessHost, tmp_path: Path
) -> None:
    care = paced(CARE, timeout_ms=3_000)
    system = System(home_at(tmp_path / "home"), host, topology(pace=480), care)
    system.supervisor.launch()
    system.turned_until(lambda: system.step_count() > 20)
    ghost = pid_of(system, "paper")
    os.kill(ghost, signal.SIGSTOP)
    await_replacement(system, "paper", ghost)
    assert system.actor("paper").error.startswith("hung: no turn was finished for ")
    with pytest.raises(ProcessLookupError):
        os.kill(ghost, signal.SIGCONT)
    finish(system)


def test_a_process_that_is_terminated_ends_in_order_and_stays_away(
    host: ProcessHost, tmp_path: Path
) -> None:
    system = System(home_at(tmp_path / "home"), host, topology(pace=480), CARE)
    system.supervisor.launch()
    system.turned_until(lambda: system.step_count() > 20)
    os.kill(pid_of(system, "paper"), signal.SIGTERM)
    system.turned_until(lambda: system.actor("paper").phase is Phase.STOPPED)
    last = system.steps()[-1].input.payload
    assert (last.KIND, last.reason) == ("cell.stopped", "terminated")  # type: ignore[attr-defined]
    system.supervisor.restart("paper")
    finish(system)
