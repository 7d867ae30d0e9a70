"""Timers fire once, in order of time, and follow what was recorded."""

from actors.kit.timers import Timers
from schemas.envelope import AnyEvent
from schemas.timer import TimerFired, TimerSet
from tests.actors.kit.cells import event


def timer(name: str, at: int, *, number: int = 0) -> AnyEvent:
    return event(TimerSet(name=name, at=at), f"set {name} {number}")


def fired(timers: Timers, now: int) -> list[tuple[str, int]]:
    """Everything that is due, taken as the sequencer takes it."""
    found = []
    while (due := timers.due(now)) is not None:
        assert isinstance(due.payload, TimerFired)
        found.append((due.payload.name, due.ts))
        timers.learn(event(due.payload, due.id, cause=due.cause))
    return found


def test_a_timer_fires_at_its_time_and_not_before() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    assert fired(timers, 9) == []
    assert fired(timers, 10) == [("a", 10)]
    assert fired(timers, 99) == []


def test_a_timer_tells_who_set_it_and_why() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    due = timers.due(10)
    assert due is not None
    assert (due.author, due.cause, due.correlation) == ("timers", "set a 0", "set a 0")
    assert due.payload == TimerFired(name="a", at=10, owner="world")


def test_several_due_at_once_fire_in_order_of_time_then_of_setting() -> None:
    timers = Timers()
    for name, at in (("late", 30), ("second", 20), ("third", 20), ("first", 10)):
        timers.learn(timer(name, at))
    assert fired(timers, 30) == [("first", 10), ("second", 20), ("third", 20), ("late", 30)]


def test_setting_a_name_again_moves_the_timer() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    timers.learn(timer("a", 20, number=1))
    assert fired(timers, 15) == []
    assert fired(timers, 20) == [("a", 20)]


def test_moving_a_timer_forward_does_not_fire_it_twice() -> None:
    timers = Timers()
    timers.learn(timer("a", 20))
    timers.learn(timer("a", 10, number=1))
    assert fired(timers, 30) == [("a", 10)]


def test_two_owners_may_use_one_name() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    timers.learn(event(TimerSet(name="a", at=20), "set by another", author="another"))
    assert fired(timers, 20) == [("a", 10), ("a", 20)]


def test_a_timer_that_was_recorded_as_fired_does_not_fire_after_recovery() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    timers.learn(timer("b", 11))
    due = timers.due(10)
    assert due is not None
    recovered = Timers()
    recovered.learn(timer("a", 10))
    recovered.learn(timer("b", 11))
    recovered.learn(event(due.payload, due.id, cause=due.cause))
    assert fired(recovered, 99) == [("b", 11)]


def test_a_timer_that_fires_may_be_set_again_by_its_own_name() -> None:
    timers = Timers()
    timers.learn(timer("a", 10))
    assert fired(timers, 10) == [("a", 10)]
    timers.learn(timer("a", 20, number=1))
    assert fired(timers, 20) == [("a", 20)]
