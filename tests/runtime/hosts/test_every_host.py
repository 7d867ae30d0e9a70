"""What holds wherever programs run."""

from threading import Timer

import msgspec
import pytest

from events.codecs.json import decode_step
from events.decisions import DecisionHash
from runtime.home import Home
from runtime.ingesting import DataConfig
from runtime.operating import Operator
from runtime.programs.program import Stage
from runtime.replaying import verify
from runtime.supervision.lifecycle import Care, Phase
from runtime.supervision.policy import RestartPolicy
from schemas.operator import PAUSE
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import CARE, System, topology
from tests.runtime.programs.days import hash_of_backtest

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(120)]


def finished(system: System) -> System:
    system.supervisor.launch()
    assert system.supervisor.run(0.005) == "finished"
    return system


def test_a_day_on_paper_decides_what_the_backtest_decides(system: Build) -> None:
    ran = finished(system(topology()))
    assert ran.decision_hash() == hash_of_backtest()
    replayed = verify(ran.home, ran.home.run_dir(ran.run))
    assert replayed.verdict.identical
    assert {status.phase for status in ran.supervisor.statuses()} == {Phase.STOPPED}


def test_an_operator_is_heard_in_the_midst_and_the_session_verifies(system: Build) -> None:
    built = system(topology(pace=300))
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 50)
    operator = Operator(built.backend)
    operator.say("ada", "paper", PAUSE)
    operator.close()
    built.turned_until(lambda: stage(built) is Stage.PAUSED)
    assert built.supervisor.run(0.005) == "finished"
    assert built.decision_hash() != hash_of_backtest()
    vetoes = [e for s in built.steps() for e in s.outputs if e.kind == "order.vetoed"]
    assert "paused" in {veto.payload.failed.rule for veto in vetoes}  # type: ignore[attr-defined]
    assert verify(built.home, built.home.run_dir(built.run)).verdict.identical


def stage(system: System) -> Stage | None:
    program = system.actor("paper").program
    return program.stage if program else None


def test_what_was_stopped_in_order_goes_on_to_the_same_decisions(system: Build) -> None:
    built = system(topology(pace=300))
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 50)
    Timer(0.1, built.supervisor.end, ["operator"]).start()
    assert built.supervisor.run(0.005) == "stopped"
    last = built.steps()[-1].input.payload
    assert (last.KIND, last.reason) == ("cell.stopped", "operator")  # type: ignore[attr-defined]
    assert verify(built.home, built.home.run_dir(built.run)).verdict.identical
    again = finished(built.again())
    assert again.run == built.run
    assert again.decision_hash() == hash_of_backtest()


def test_a_program_that_keeps_failing_is_left_alone_and_the_rest_goes_on(system: Build) -> None:
    whole = topology()
    broken = msgspec.structs.replace(whole.feeds[0], name="broken")
    built = system(
        msgspec.structs.replace(whole, feeds=(*whole.feeds, broken)),
        Care(heartbeat=CARE.heartbeat, restart=RestartPolicy(backoff_min_ms=5, limit=2)),
    )
    nowhere = DataConfig(paths=("nowhere.csv",))
    built.assignments = tuple(
        msgspec.structs.replace(each, program=msgspec.structs.replace(each.program, data=nowhere))
        if each.program.name == "broken"
        else each
        for each in built.assignments
    )
    built.supervisor = type(built.supervisor)(built.host, built.assignments, built.care)
    built.supervisor.launch()
    built.turned_until(
        lambda: built.actor("broken").phase is Phase.DEGRADED and stage(built) is Stage.FINISHED
    )
    assert built.actor("broken").restarts == 2
    assert "nowhere.csv" in built.actor("broken").error
    assert built.decision_hash() == hash_of_backtest()
    built.supervisor.stop("test")


@pytest.mark.parametrize("host", ["pykka", "process"], indirect=True)
def test_cells_side_by_side_do_not_disturb_each_other(system: Build) -> None:
    whole = topology()
    cells = tuple(msgspec.structs.replace(whole.cells[0], name=name) for name in ("paper", "two"))
    ran = finished(system(msgspec.structs.replace(whole, cells=cells)))
    for cell, run in ran.runs.items():
        assert decided(ran, cell, run) == hash_of_backtest()


def decided(system: System, cell: str, run: str) -> str:
    decisions = DecisionHash()
    for record in system.backend.journal(cell, run).records():
        decisions.update(decode_step(record.body))
    return decisions.hexdigest()


def test_a_restarted_cell_goes_on_where_it_was(system: Build) -> None:
    built = system(topology(pace=300))
    built.supervisor.launch()
    built.turned_until(lambda: built.step_count() > 50)
    built.supervisor.restart("paper")
    assert built.supervisor.run(0.005) == "finished"
    assert built.actor("paper").restarts == 1
    assert {step.epoch for step in built.steps()} == {1, 2}
    assert built.decision_hash() == hash_of_backtest()


def test_statuses_tell_how_far_everybody_is(system: Build) -> None:
    built = system(topology())
    built.supervisor.launch()
    built.turned_until(lambda: built.supervisor.finished)
    cell, feed = built.actor("paper").program, built.actor("files").program
    assert cell is not None
    assert feed is not None
    assert cell.position == feed.position
    assert set(cell.lag.values()) == {0}
    assert cell.run == built.run
    assert cell.last_decision
    assert cell.counters["fills"] > 10
    built.supervisor.stop("test")
    assert Home(built.home.path).run_dir(built.run).result.exists()
