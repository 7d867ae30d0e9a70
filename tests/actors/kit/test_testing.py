"""The kit passes deciders that keep the contract, and catches each way of breaking it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Final

import pytest

from actors.kit.testing import at, closed, given
from schemas.envelope import AnyEvent
from schemas.identity import bar_id
from schemas.market import Bar, Observation, PriceType
from schemas.registry import Payload
from schemas.signal import SignalRaised
from schemas.timer import TimerFired, TimerSet

SEEN = Observation(name="rate", value=0.5)


class Counter:
    """Sets a timer at every second observation."""

    author: Final = "counter"
    consumes: Final[frozenset[type[Payload]]] = frozenset({Observation, TimerSet, SignalRaised})

    def __init__(self) -> None:
        self.count = 0
        self.own: list[str] = []

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        match event.payload:
            case Observation() if self.count % 2 == 0:
                return [TimerSet(name=f"t{self.count}", at=event.ts + 1)]
            case _:
                return []

    def learn(self, event: AnyEvent) -> None:
        match event.payload:
            case Observation():
                self.count += 1
            case TimerSet(name=name):
                self.own.append(f"{name} {event.author} {event.cause[:4]}")
            case _:
                pass


def test_checks_answers_one_event_after_another() -> None:
    scenario = given(Counter).when(at(1, SEEN)).then()
    scenario.when(at(2, SEEN)).then(TimerSet(name="t2", at=3))
    scenario.when(at(3, SEEN)).then().when(at(4, SEEN)).then(TimerSet)


def test_history_is_told_before_the_test_begins() -> None:
    given(Counter, at(1, SEEN)).when(at(2, SEEN)).then(TimerSet(name="t2", at=3))


def test_a_decider_learns_its_own_answers_with_their_author_and_cause() -> None:
    cause = at(2, SEEN)
    scenario = given(Counter, at(1, SEEN)).when(cause)
    assert scenario.decider.own == [f"t2 counter {cause.id[:4]}"]


def test_an_event_that_it_does_not_consume_never_reaches_it() -> None:
    fired = TimerFired(name="t", at=1, owner="counter")
    scenario = given(Counter).when(at(1, fired)).then()
    assert scenario.decider.count == 0


@pytest.mark.parametrize(
    "expected",
    [
        (),
        (TimerSet(name="t2", at=4),),
        (SignalRaised,),
        (TimerSet, TimerSet),
    ],
)
def test_other_answers_than_expected_are_shown(
    expected: tuple[Payload | type[Payload], ...],
) -> None:
    scenario = given(Counter, at(1, SEEN)).when(at(2, SEEN))
    with pytest.raises(AssertionError, match=r"(?s)expected .*but it said .*TimerSet\(name='t2'"):
        scenario.then(*expected)


class HandlesOnly(Counter):
    """Learns nothing from the record: it would be another after a restart."""

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.count += 1
        return []

    def learn(self, event: AnyEvent) -> None:
        pass


class Shared(Counter):
    """Keeps its state where every instance of it does."""

    ALL: ClassVar[list[int]] = []

    def learn(self, event: AnyEvent) -> None:
        self.ALL.append(event.ts)

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        return [TimerSet(name=str(len(self.ALL)), at=event.ts + 1)]


class Mutating(Counter):
    """Writes into the event that it was shown."""

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        if isinstance(event.payload, SignalRaised):
            event.payload.reason["seen"] = True
        return []


class Unrecordable(Counter):
    """Says something that the journal cannot give back."""

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        return [SignalRaised(instrument="X", direction="flat", reason={"rate": float("nan")})]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (HandlesOnly, "leads to another state"),
        (Shared, "after a restart"),
        (Mutating, "the decider changed signal.raised"),
        (Unrecordable, "signal.raised"),
    ],
)
def test_catches_a_decider_that_breaks_the_contract(broken: type[Counter], complaint: str) -> None:
    told = SignalRaised(instrument="X", direction="flat") if broken is Mutating else SEEN
    with pytest.raises(Exception, match=complaint):
        given(broken).when(at(1, told)).when(at(2, told))


def test_the_same_words_at_the_same_time_are_the_same_event() -> None:
    assert at(1, SEEN) == at(1, SEEN)
    assert at(1, SEEN).id != at(2, SEEN).id != at(2, SEEN, author="other").id


def test_a_bar_is_told_at_its_close_under_its_business_key() -> None:
    bar = Bar(
        instrument="X",
        interval="1m",
        price_type=PriceType.LAST,
        open=Decimal(1),
        high=Decimal(1),
        low=Decimal(1),
        close=Decimal(1),
        volume=Decimal(0),
        ts_open=0,
        ts_close=60,
    )
    assert (closed(bar).ts, closed(bar).id) == (60, bar_id("X", "1m", 60))
