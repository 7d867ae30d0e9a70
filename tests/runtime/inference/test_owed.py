"""What is to be asked: whole moments, in time, and each once."""

from dataclasses import dataclass, field

import msgspec
import pytest

from actors.patterns.candles import UnfitBars, candles_of
from actors.patterns.config import PatternConfig
from actors.patterns.deciders import PatternAsker
from actors.patterns.memory import Stream
from actors.patterns.recogniser import Question
from actors.patterns.watch import Watched
from runtime.inference.owed import GRACE_S, Owed
from runtime.recognising import Asked, Recognising
from schemas.cell import CellStopped
from schemas.envelope import GENESIS, AnyEvent, Event, Step
from schemas.pattern import PatternAbstained
from schemas.registry import Payload
from tests.actors.strategies.real_bars import MINUTE_NS, eurusd

BARS = 5
HERE = Stream.of(eurusd()[0])
THERE = Stream("GBP/USD.OANDA", HERE.interval, HERE.price_type)


@dataclass
class Told:
    """Shows steps of a cell that asks about two instruments."""

    deadline_minutes: int = 60
    since: int = 0
    now_s: float = 0.0
    steps: int = 0
    asked: list[AnyEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        config = PatternConfig(use="follower", bars=BARS)
        streams = (HERE, THERE)
        recognising = Recognising(
            configs=(config,),
            deciders=(),
            streams=streams,
            asked=(Asked(config, streams),),
            served=(),
        )
        self.owed = Owed(recognising, self.since, clock=lambda: self.now_s)
        watched = Watched(streams=streams, bars=BARS)
        deadline = self.deadline_minutes * MINUTE_NS
        self._asker = PatternAsker("patterns.follower", "follower", watched, deadline)

    def bar(self, minute: int, stream: Stream = HERE) -> None:
        """The bar of a minute closes."""
        bar = msgspec.structs.replace(eurusd()[minute], instrument=stream.instrument)
        closed = self._event(f"{stream.instrument}/{minute}", bar, bar.ts_close)
        requests = tuple(
            self._event(f"ask/{closed.id}", payload, closed.ts)
            for payload in self._asker.handle(closed)
        )
        self.asked += requests
        self.step(closed, *requests)

    def moment(self, minute: int) -> None:
        """The bars of both instruments close."""
        self.bar(minute)
        self.bar(minute, THERE)

    def say(self, payload: Payload, cause: str = "") -> None:
        """Something else happens, in the same moment."""
        self.step(self._event(f"{payload.KIND}/{self.steps}", payload, self.owed.now, cause))

    def step(self, given: AnyEvent, *outputs: AnyEvent) -> None:
        self.steps += 1
        self.owed.learn(
            Step(
                cell="c",
                run="r",
                seq=self.steps,
                epoch=1,
                prev_hash=GENESIS,
                ts=given.ts,
                ts_recorded=given.ts,
                slices=(),
                input=given,
                outputs=outputs,
            )
        )

    def due(self) -> list[list[str]]:
        """What can be asked now, by moment: names of instruments."""
        return [
            [due.request.payload.instrument for due in together]
            for _, together in self.owed.take_due()
        ]

    @staticmethod
    def _event(name: str, payload: Payload, ts: int, cause: str = "") -> AnyEvent:
        return Event(
            id=name,
            author="a",
            cause=cause or name,
            correlation=name,
            ts=ts,
            ts_recorded=ts,
            payload=payload,
        )


@pytest.fixture
def told() -> Told:
    """Four minutes have passed: with the next bar there are enough to ask."""
    return after_four(Told())


def after_four(told: Told) -> Told:
    for minute in range(BARS - 1):
        told.moment(minute)
    assert told.due() == []
    return told


def test_the_questions_of_a_moment_are_asked_together_when_all_have_closed(told: Told) -> None:
    told.bar(4)
    assert told.due() == [], "the other instrument may close a bar in the same moment"
    told.bar(4, THERE)
    ((wish, together),) = told.owed.take_due()
    assert (wish.use, wish.instruments) == ("follower", 2)
    first, second = (each.question for each in together)
    assert isinstance(first, Question)
    assert isinstance(second, Question)
    assert first.candles.digest() == second.candles.digest() == candles_of(eurusd()[:5]).digest()
    assert {first.instrument, second.instrument} == {*first.panel}
    assert first.panel is second.panel, "who answers sees that they are about one panel"
    assert told.due() == [], "each is given once"


def test_who_closes_no_bar_is_not_waited_for_any_longer_than_need_be(told: Told) -> None:
    told.bar(4)
    told.now_s = GRACE_S / 2
    assert told.due() == []
    told.now_s = GRACE_S
    assert told.due() == [[HERE.instrument]]


def test_a_moment_is_over_when_the_next_one_begins_and_its_question_is_as_it_was(
    told: Told,
) -> None:
    told.bar(4)
    for minute in range(5, 40):
        told.bar(minute)
    due = [each for _, together in told.owed.take_due() for each in together]
    assert len(due) == 35, "the last moment is not over"
    for minute, each in enumerate(due, 4):
        assert isinstance(each.question, Question)
        expected = candles_of(eurusd()[minute + 1 - BARS : minute + 1])
        assert each.question.candles.digest() == expected.digest()


def test_what_was_answered_is_not_asked(told: Told) -> None:
    told.moment(4)
    asked = told.asked[0]
    answer = PatternAbstained(
        request=asked.id, instrument="i", interval="1m", recogniser="follower", reason="no_pattern"
    )
    told.say(answer, cause=asked.id)
    assert told.due() == [[THERE.instrument]]


def test_what_is_past_its_deadline_is_not_asked() -> None:
    told = after_four(Told(deadline_minutes=3))
    for minute in (4, 5, 6, 7, 8):
        told.moment(minute)
    assert len(told.due()) == 4


def test_what_was_to_be_answered_before_the_journal_was_opened_is_not_asked() -> None:
    since = eurusd()[8].ts_close
    told = after_four(Told(deadline_minutes=3, since=since))
    for minute in (4, 5, 6):
        told.moment(minute)
    assert told.due() == [[HERE.instrument, THERE.instrument]] * 2


def test_bars_that_are_not_those_that_were_meant_are_said_so(told: Told) -> None:
    told.bar(4)
    request = told.asked[0]
    other = msgspec.structs.replace(request.payload, window_hash="0" * 32)
    told.step(
        msgspec.structs.replace(request, id="x"),
        msgspec.structs.replace(request, id="forged", payload=other),
    )
    told.bar(4, THERE)
    ((_, together),) = told.owed.take_due()
    kinds = {each.request.id: type(each.question) for each in together}
    assert kinds.pop("forged") is UnfitBars
    assert set(kinds.values()) == {Question}


def test_knows_why_the_cell_stopped_until_it_goes_on(told: Told) -> None:
    told.say(CellStopped(reason="operator"))
    assert told.owed.stopped == "operator"
    told.moment(4)
    assert told.owed.stopped == ""
