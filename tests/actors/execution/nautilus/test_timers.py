"""Timers fire when market time reaches them, between ticks and in order."""

import pytest

from actors.kit.inputs import Input
from schemas.market import Quote
from schemas.timer import TimerFired
from tests.support.quoted import RISING, T0, Act, S, play
from tests.support.venue_driver import Driver


def setting(name: str, at: int, owner: str = "strategy") -> Act:
    return lambda driver, _: driver.venue.set_timer(owner, name, at)


def fired(told: Driver) -> list[tuple[str, int]]:
    return [
        (given.payload.name, given.ts)
        for given in told.said
        if isinstance(given.payload, TimerFired)
    ]


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_a_timer_fires_at_its_time_and_not_at_the_next_tick(rows: int) -> None:
    told = play(RISING, {1: setting("wake", T0 + 5 * S + 17)}, rows=rows)
    assert fired(told) == [("wake", T0 + 5 * S + 17)]
    kinds = [given.payload.KIND for given in told.said]
    assert kinds.index("market.quote") < kinds.index("timer.fired")
    heard_before = told.said[: kinds.index("timer.fired")]
    assert [given.id for given in heard_before] == [f"q:{number}" for number in range(6)]


def test_setting_a_name_again_moves_it() -> None:
    acts = {1: setting("wake", T0 + 5 * S), 2: setting("wake", T0 + 9 * S)}
    assert fired(play(RISING, acts)) == [("wake", T0 + 9 * S)]


def test_owners_have_names_of_their_own() -> None:
    def both(driver: Driver, _: object) -> None:
        driver.venue.set_timer("one", "wake", T0 + 5 * S)
        driver.venue.set_timer("two", "wake", T0 + 7 * S)

    told = play(RISING, {1: both})
    assert [timer.owner for timer in told.of(TimerFired)] == ["one", "two"]


def test_a_time_that_has_passed_fires_at_once() -> None:
    told = play(RISING, {4: setting("late", T0 + S)})
    assert fired(told) == [("late", T0 + 4 * S)]
    assert told.of(TimerFired)[0].at == T0 + S


def test_a_timer_can_be_set_from_a_timer() -> None:
    def again(driver: Driver, given: Input) -> None:
        if isinstance(given.payload, TimerFired) and given.payload.name == "first":
            driver.venue.set_timer("strategy", "second", T0 + 8 * S)

    told = play(RISING, {1: setting("first", T0 + 4 * S)}, on=again)
    assert fired(told) == [("first", T0 + 4 * S), ("second", T0 + 8 * S)]


def test_a_timer_due_when_the_data_ends_fires_and_a_later_one_does_not() -> None:
    last = T0 + 39 * S

    def both(driver: Driver, _: object) -> None:
        driver.venue.set_timer("s", "at the end", last)
        driver.venue.set_timer("s", "after", last + 1)

    told = play(RISING, {1: both})
    assert fired(told) == [("at the end", last)]
    assert len(told.of(Quote)) == 40
