"""A system that is operated from the command line, and that loses its supervisor."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.audit import check_journal, check_tables, decision_hash_of
from tests.acceptance.program import ROOT, Answer, Wakeline
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("acceptance"), pytest.mark.timeout(600)]

SAMPLES = ROOT / "runtime" / "samples"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Wakeline]:
    """With an empty home, in which nothing is left running."""
    made = Wakeline(tmp_path / "home")
    yield made
    if is_up(made):
        made.run("down")
    made.verify_finished_runs()


def topology(folder: Path, host: str, pace: int) -> str:
    """The shipped example, at another pace."""
    text = (SAMPLES / f"paper-{host}.toml").read_text(encoding="utf-8")
    text = text.replace("pace = 1_200", f"pace = {pace}").replace('"lean/', f'"{SAMPLES}/lean/')
    path = folder / f"{host}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def actors(program: Wakeline) -> dict[str, Answer]:
    found = program.ask("status")["actors"]
    assert isinstance(found, list)
    return {each["name"]: each for each in found}


def steps(program: Wakeline) -> int:
    told = actors(program)["paper"]["program"]
    counters = told["counters"] if isinstance(told, dict) else {}
    return int(counters.get("steps", 0)) if isinstance(counters, dict) else 0


def stage(program: Wakeline) -> object:
    told = actors(program)["paper"]["program"]
    return told["stage"] if isinstance(told, dict) else None


def is_up(program: Wakeline) -> bool:
    return program.run("status", "--json").code == 0


@pytest.fixture(scope="module")
def hash_of_backtest(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The decisions of the same day as a backtest."""
    program = Wakeline(tmp_path_factory.mktemp("backtest"))
    return program.ask("backtest", str(SAMPLES / "demo.toml"))["decision_hash"]


@pytest.mark.parametrize("host", ["inline", "pykka", "process", "ray"])
def test_the_shipped_day_on_paper_decides_what_its_backtest_decides(
    program: Wakeline, tmp_path: Path, host: str, hash_of_backtest: object
) -> None:
    answer = program.ask_of_up(topology(tmp_path, host, pace=0))
    assert answer["outcome"] == "finished"
    (run,) = [each.name for each in (program.home / "runs").iterdir()]
    recorded = check_journal(program, run)
    check_tables(program, run, recorded)
    assert decision_hash_of(recorded) == hash_of_backtest


def test_a_system_is_operated_from_another_terminal(program: Wakeline, tmp_path: Path) -> None:
    path = topology(tmp_path, "process", pace=600)
    assert program.ask("up", path, "--detach")["host"] == "process"
    assert "in use by process" in program.run("up", path).complaint
    wait_until(lambda: steps(program) > 20)
    told = program.ask("pause", "paper")
    wait_until(lambda: stage(program) == "paused")
    program.ask("resume", "paper")
    wait_until(lambda: stage(program) == "running")
    assert program.run("pause", "nobody").complaint == "cell 'nobody': there is paper"
    program.ask("actors", "restart", "projector")
    wait_until(lambda: actors(program)["projector"]["restarts"] == 1)
    program.ask("down")
    assert program.run("status").complaint.endswith("`wakeline up TOPOLOGY` starts a system")
    events = program.ask("tail", "paper", "--kind", "operator.commanded")["events"]
    assert isinstance(events, list)
    commands = [each["payload"]["command"] for each in events]
    assert commands == ["cell.pause", "cell.resume", "actor.restart", "topology.down"]
    assert told["commands"] == {"paper": events[0]["id"]}
    assert program.ask("replay", "paper", "--verify")["identical"]
    # The system ends when its feed does, too.
    program.ask("up", topology(tmp_path, "process", pace=2_000), "--detach")
    program.ask("drain", "paper")
    wait_until(lambda: stage(program) == "finished", patience_s=60)
    wait_until(lambda: not is_up(program), patience_s=60)
    assert program.ask("runs")["runs"][0]["state"] == "drained"  # type: ignore[index]


def test_ctrl_c_is_an_orderly_end(program: Wakeline, tmp_path: Path) -> None:
    with program.start("up", topology(tmp_path, "process", pace=600)) as process:
        wait_until(lambda: is_up(program) and steps(program) > 20, patience_s=60)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert stdout.splitlines()[-1] == "stopped"
    assert program.ask("replay", "paper", "--verify")["identical"]


def test_programs_end_in_order_when_their_supervisor_is_killed(
    program: Wakeline, tmp_path: Path
) -> None:
    path = topology(tmp_path, "process", pace=3_000)
    up = program.ask("up", path, "--detach")["pid"]
    wait_until(lambda: steps(program) > 20)
    places = [str(each["place"]) for each in actors(program).values()]
    assert isinstance(up, int)
    os.kill(up, signal.SIGKILL)
    answer = program.ask_of_up(path)
    assert answer["outcome"] == "finished"
    for place in places:
        with pytest.raises(ProcessLookupError):
            os.kill(int(place.removeprefix("process ")), 0)
    (run,) = [each.name for each in (program.home / "runs").iterdir()]
    recorded = check_journal(program, run)
    check_tables(program, run, recorded)
    assert "abandoned" in {
        step.input.payload.reason  # type: ignore[attr-defined]
        for step in recorded
        if step.input.kind == "cell.stopped"
    }


def test_a_topology_that_is_wrong_comes_not_up(program: Wakeline, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("[host]\nkind = 'cloud'\n", encoding="utf-8")
    assert str(path) in program.run("up", str(path), "--detach").complaint
    nowhere = Path(topology(tmp_path, "process", pace=0))
    text = nowhere.read_text(encoding="utf-8").replace("20140501_quote.zip", "nowhere.zip")
    nowhere.write_text(text, encoding="utf-8")
    assert "nowhere.zip" in program.run("up", str(nowhere), "--detach").complaint
