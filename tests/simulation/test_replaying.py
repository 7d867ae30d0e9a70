"""A seed is a whole world: the same every time, and told readably."""

from collections.abc import Sequence

import pytest

from actors.kit.shapes import Decider
from runtime.hosts.simulated.__main__ import main
from runtime.hosts.simulated.cast import Cast
from runtime.hosts.simulated.faults import Plan, plan_of, possible_faults
from runtime.hosts.simulated.simulation import run, run_undisturbed

CALM = Plan()


def storm(*, broker: bool, delays: bool = False) -> Plan:
    """Everything that can go wrong, but for what changes the order of things."""
    possible = frozenset(possible_faults(delays=False, broker=broker))
    return Plan(enabled=possible, rate=0.2, budget=30, broker=broker, delays=delays)


@pytest.mark.parametrize("seed", [0, 1, 42])
def test_a_seed_gives_the_same_world_twice(seed: int) -> None:
    first, second = run(seed), run(seed)
    assert first.trace.lines == second.trace.lines
    assert first.decision_hash == second.decision_hash
    assert first.strikes == second.strikes


def test_two_seeds_give_two_worlds() -> None:
    assert run(2).decision_hash != run(4).decision_hash


def test_a_calm_world_trades_and_nothing_goes_wrong() -> None:
    report = run(7, CALM)
    assert report.violation is None
    assert report.strikes == {}
    assert report.trades > 5


@pytest.mark.parametrize("broker", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_a_storm_changes_no_decision_where_nothing_overtakes(seed: int, broker: bool) -> None:
    report = run(seed, storm(broker=broker))
    assert report.violation is None
    assert sum(report.strikes.values()) > 10
    assert report.decision_hash == run_undisturbed(seed)


@pytest.mark.parametrize("broker", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_a_storm_breaks_no_promise_where_messages_take_time(seed: int, broker: bool) -> None:
    assert run(seed, storm(broker=broker, delays=True)).violation is None


def test_every_second_seed_lets_messages_take_time_and_every_second_pair_has_a_broker() -> None:
    assert [plan_of(seed).delays for seed in range(4)] == [False, True, False, True]
    assert [plan_of(seed).broker for seed in range(4)] == [False, False, True, True]


def test_one_seed_is_told_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "42"]) == 0
    told = capsys.readouterr().out
    assert "runner    starts on 0 durable steps" in told
    assert "FAULT" in told
    assert "seed 42: nothing overtakes" in told
    assert f"every promise was kept; decisions {run(42).decision_hash}" in told


def test_a_sweep_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "5", "--first", "10"]) == 0
    told = capsys.readouterr().out
    assert "5 seeds in" in told
    assert "runner.after_append" in told


def test_a_failure_ends_with_the_command_that_replays_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--seeds", "50", "--plant", "act-before-durable"]) == 1
    told = capsys.readouterr().out
    assert "BROKEN: acts only on what is durable" in told
    command = told.splitlines()[-1]
    assert command.startswith("replay: python -m runtime.hosts.simulated --seed ")
    assert main(command.split()[4:]) == 1


def test_a_program_that_fails_by_itself_names_its_seed() -> None:
    def broken() -> Sequence[Decider]:
        raise ZeroDivisionError("nobody planned this")

    with pytest.raises(ZeroDivisionError) as failure:
        run(17, cast=Cast(deciders=broken))
    notes = failure.value.__notes__
    assert notes[0] == "in the simulated world of seed 17, after:"
    assert notes[-1].endswith("runner    starts on 0 durable steps")
