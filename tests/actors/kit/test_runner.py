"""A cell at work: recovery, turns, and nothing done before it is durable."""

from collections.abc import Sequence

import pytest

from actors.kit.reception import IngressGap
from actors.kit.runner import CellRunner
from events.backends.memory.faults import FaultPlan
from events.backends.memory.ingress import MemoryIngress
from events.errors import DiskFull, Fenced
from events.ingress import Posted
from schemas.envelope import AnyEvent
from schemas.pattern import PatternAbstained
from schemas.registry import Payload
from schemas.timer import TimerSet
from tests.actors.kit.cells import Asker, Bench, observation, quote


def answer_to(request: str) -> PatternAbstained:
    return PatternAbstained(
        request=request, instrument="i", interval="1m", recogniser="model", reason=""
    )


class Gapped(MemoryIngress):
    """Loses what was posted under number 1."""

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        return [posted for posted in super().poll(from_position, limit) if posted.number != 1]


class Restless(Asker):
    """Wants to be woken at once, whatever happens."""

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        super().handle(event)
        return [TimerSet(name="again", at=0)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_new_cell_says_that_it_started_and_is_live(bench: Bench) -> None:
    bench.started()
    assert bench.kinds == ["cell.started", "cell.live"]
    assert [step.epoch for step in bench.steps] == [1, 1]


def test_every_start_is_an_epoch_of_its_own(bench: Bench) -> None:
    bench.started()
    bench.started()
    assert [step.epoch for step in bench.steps] == [1, 1, 2, 2]
    assert len({step.input.id for step in bench.steps}) == 4


def test_posted_events_become_steps_that_name_their_origin(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("x"), observation("y"))
    assert runner.turn() == 2
    assert [step.origin for step in bench.steps[:2]] == [None, None]
    origins = [step.origin for step in bench.steps[2:] if step.origin]
    assert [(o.position, o.writer, o.number) for o in origins] == [(0, "world", 0), (1, "world", 1)]


def test_a_turn_takes_no_more_than_its_limit(bench: Bench) -> None:
    runner = bench.started()
    bench.post(*(observation(str(number)) for number in range(5)))
    assert [runner.turn(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_turn_is_durable_as_a_whole_when_it_ends(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("ask"), observation("x"), observation("ask"))
    before = bench.journal.end()
    assert runner.turn() == 3
    assert bench.journal.end() == before + 3
    asked_for = [output.kind for step in bench.steps for output in step.outputs]
    assert asked_for == ["pattern.requested", "pattern.requested"]


def test_nothing_of_a_turn_is_seen_when_its_flush_fails() -> None:
    bench = Bench(FaultPlan(fail_on_flush=3))
    runner = bench.started()
    bench.post(observation("ask"))
    with pytest.raises(DiskFull):
        runner.turn()
    assert bench.kinds == ["cell.started", "cell.live"]


def test_after_a_failed_flush_the_next_runner_takes_the_input_again() -> None:
    bench = Bench(FaultPlan(fail_on_flush=3))
    runner = bench.started()
    bench.post(observation("ask"))
    with pytest.raises(DiskFull):
        runner.turn()
    bench.started().turn()
    assert [step.input.id for step in bench.steps if step.outputs] == ["world/0"]


def test_a_runner_goes_on_behind_what_was_durable(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("x"), observation("y"), observation("z"))
    runner.turn(limit=2)
    bench.started().turn()
    taken = [step.input.id for step in bench.steps if step.origin]
    assert taken == ["world/0", "world/1", "world/2"]


def test_recovery_shows_deciders_all_that_was_recorded_and_asks_them_nothing(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("ask"), observation("x"))
    runner.turn()
    heard, recorded = bench.asker.heard, len(bench.steps)
    bench.started()
    assert bench.asker.heard == heard == ["world/0", "world/1"]
    assert bench.kinds[recorded:] == ["cell.started", "cell.live"]


def test_a_repeated_event_is_taken_once_before_and_after_a_crash(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("ask"), names=["same"])
    bench.post(observation("ask"), writer="twin", names=["same"])
    runner.turn()
    runner = bench.started()
    bench.post(observation("ask"), writer="third", names=["same"])
    bench.post(observation("ask"), writer="twin", names=["other"])
    runner.turn()
    assert [step.input.id for step in bench.steps if step.origin] == ["same", "other"]


def test_a_cell_starts_again_after_its_last_input_was_a_duplicate(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("x"), names=["same"])
    bench.post(observation("x"), observation("y"), writer="twin", names=["same", "same"])
    bench.post(observation("z"))
    runner.turn()
    runner = bench.started()
    bench.post(observation("w"), writer="twin")
    assert runner.turn() == 1


def test_a_gap_in_the_ingress_stops_the_cell() -> None:
    bench = Bench(ingress=Gapped())
    runner = bench.started()
    bench.post(*(observation(str(number)) for number in range(3)))
    with pytest.raises(IngressGap, match="world posted number 2, not 1"):
        runner.turn()


def test_ticks_that_nobody_answered_are_shown_again_after_a_crash(bench: Bench) -> None:
    runner = bench.started()
    for seq in range(2):
        bench.ingress.post("feed", seq, quote("feed", seq))
    assert runner.turn() == 2
    assert [step.input.id for step in bench.steps if step.origin] == ["feed:0", "feed:1"]


def test_a_timer_fires_when_market_time_reaches_it(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("wake", 50))
    runner.turn()
    bench.now = 49
    assert runner.turn() == 0
    bench.now = 50
    assert runner.turn() == 1
    assert bench.kinds[-1] == "timer.fired"
    assert runner.turn() == 0


def test_a_timer_survives_a_crash_and_fires_once(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("wake", 50))
    runner.turn()
    bench.now = 60
    runner = bench.started()
    assert runner.turn() == 1
    assert bench.started().turn() == 0


def test_timers_that_are_due_come_before_what_was_posted(bench: Bench) -> None:
    runner = bench.started()
    bench.post(observation("wake", 50))
    runner.turn()
    bench.now = 50
    bench.post(observation("x"))
    runner.turn()
    assert bench.kinds[-2:] == ["timer.fired", "market.observation"]


def test_a_decider_that_wakes_itself_in_the_past_does_not_keep_a_turn_from_ending(
    bench: Bench,
) -> None:
    runner = bench.runner([Restless()])
    runner.start()
    bench.post(observation("x"), observation("y"))
    assert runner.turn(limit=4) == 2
    assert runner.turn(limit=4) == 4


def test_an_orderly_stop_is_recorded_and_lets_the_next_writer_in(bench: Bench) -> None:
    bench.started().stop("operator")
    assert bench.kinds[-1] == "cell.stopped"
    with bench.journal.open() as writer:
        assert writer.head.next_seq == 3


def test_a_runner_that_was_replaced_can_do_nothing_more(bench: Bench) -> None:
    zombie: CellRunner = bench.started()
    successor = bench.started()
    bench.post(observation("ask"))
    with pytest.raises(Fenced):
        zombie.turn()
    assert successor.turn() == 1
