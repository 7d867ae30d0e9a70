"""Bars and timers come in order of time, and what is moved or forgotten does not come."""

from decimal import Decimal

from actors.execution.nautilus.agenda import Agenda, Moment
from actors.execution.nautilus.bar_builder import ClosedBar
from schemas.market import Bar, PriceType
from schemas.timer import TimerFired


def bar(ts_close: int) -> ClosedBar:
    one = Decimal(1)
    closed = Bar(
        instrument="EUR/USD.FXCM",
        interval="1s",
        price_type=PriceType.MID,
        open=one,
        high=one,
        low=one,
        close=one,
        volume=one,
        ts_open=ts_close - 1,
        ts_close=ts_close,
    )
    return ClosedBar(closed, "q:1")


def timer(name: str, at: int, owner: str = "me") -> TimerFired:
    return TimerFired(name=name, at=at, owner=owner)


def names(moments: list[Moment]) -> list[str]:
    return [
        moment.name if isinstance(moment, TimerFired) else f"bar {moment.bar.ts_close}"
        for moment in moments
    ]


def test_at_one_time_bars_come_first_and_timers_as_they_were_set() -> None:
    agenda = Agenda()
    agenda.set(timer("z", 5))
    agenda.set(timer("a", 5))
    agenda.set(timer("early", 3))
    agenda.close([bar(4), bar(5)])
    assert names(list(agenda.due(5))) == ["early", "bar 4", "bar 5", "z", "a"]
    assert agenda.next() is None


def test_nothing_comes_before_its_time() -> None:
    agenda = Agenda()
    agenda.close([bar(4), bar(9)])
    agenda.set(timer("t", 7))
    assert names(list(agenda.due(6))) == ["bar 4"]
    assert agenda.next() == 7


def test_a_timer_is_its_owners_and_a_forgotten_one_does_not_come() -> None:
    agenda = Agenda()
    agenda.set(timer("t", 5, owner="you"))
    agenda.set(timer("t", 3))
    agenda.forget("me", "t")
    agenda.set(timer("t", 8))
    assert [(each.at, each.owner) for each in agenda.due(9) if isinstance(each, TimerFired)] == [
        (5, "you"),
        (8, "me"),
    ]


def test_a_forgotten_timer_frees_its_time_unless_something_else_happens_then() -> None:
    agenda = Agenda()
    agenda.close([bar(4)])
    for at in (4, 6):
        agenda.set(timer(f"at {at}", at))
    agenda.set(timer("also", 6))
    assert agenda.forget("me", "at 4") is None
    assert agenda.forget("me", "at 6") is None
    assert agenda.forget("me", "also") == 6
    assert agenda.forget("me", "also") is None


def test_what_is_set_while_others_are_taken_out_comes_in_its_turn() -> None:
    agenda = Agenda()
    agenda.set(timer("first", 3))
    agenda.set(timer("last", 6))
    came = []
    for moment in agenda.due(6):
        came.append(moment)
        if len(came) == 1:
            agenda.set(timer("between", 4))
    assert names(came) == ["first", "between", "last"]


def test_an_arrival_is_a_time_with_nothing_to_tell() -> None:
    agenda = Agenda()
    agenda.close([bar(4)])
    agenda.expect(3)
    agenda.expect(9)
    assert agenda.next() == 4
    assert sorted(agenda.until(5)) == [3, 4]
    assert names(list(agenda.due(5))) == ["bar 4"]
    assert list(agenda.until(10)) == [9]
