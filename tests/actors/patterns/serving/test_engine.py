"""The engine: together, in order of priority, in time, and never stalled by a broken model."""

from collections.abc import Sequence
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.patterns.models.judging import OutOfMemory
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from actors.patterns.serving.engine import Engine, ServingConfig, Stopped
from tests.support.walks import MINUTE, walked

CANDLES = walked(1, 5)


def question(number: int) -> Question:
    return Question(
        request=str(number), instrument="I", interval="1m", interval_ns=MINUTE, panel={"I": CANDLES}
    )


class Spoken:
    """Answers with its name; can be held, run out of memory, or break."""

    bars = 5

    def __init__(self, name: str, *, room: int = 1_000, breaks: bool = False) -> None:
        self.name = self.model_digest = name
        self.room, self.breaks = room, breaks
        self.free, self.began = Event(), Event()
        self.free.set()
        self.batches: list[list[str]] = []

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        self.began.set()
        assert self.free.wait(10)
        if self.breaks:
            raise RuntimeError("the device is gone")
        if len(questions) > self.room:
            raise OutOfMemory(f"no room for {len(questions)}")
        self.batches.append([each.request for each in questions])
        return [
            (Recognition(pattern=self.name, direction="flat", horizon=MINUTE),) for _ in questions
        ]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return None


class Held:
    """An engine whose recogniser is in the middle of a batch until the block ends."""

    def __init__(self, engine: Engine, spoken: Spoken) -> None:
        self.engine, self.spoken = engine, spoken

    def __enter__(self) -> None:
        self.spoken.free.clear()
        self.spoken.began.clear()
        self.engine.ask([question(0)])
        assert self.spoken.began.wait(10)

    def __exit__(self, *_: object) -> None:
        self.spoken.free.set()


def reason(answer: Answer) -> str:
    assert isinstance(answer, Abstention)
    return answer.reason


def test_questions_that_wait_are_answered_together_up_to_the_limit() -> None:
    spoken = Spoken("one")
    with Engine(spoken, ServingConfig(batch_max=4)) as engine:
        with Held(engine, spoken):
            asked = [engine.ask([question(number)]) for number in range(1, 7)]
        served = [each.result(10)[0] for each in asked]
    assert spoken.batches == [["0"], ["1", "2", "3", "4"], ["5", "6"]]
    assert [each.beside for each in served] == [4, 4, 4, 4, 2, 2]
    assert [each.question.request for each in served] == ["1", "2", "3", "4", "5", "6"]


def test_questions_asked_together_stay_together_and_in_order() -> None:
    spoken = Spoken("one")
    with Engine(spoken, ServingConfig(batch_max=2)) as engine:
        served = engine.ask([question(number) for number in range(5)]).result(10)
    assert spoken.batches == [["0", "1", "2", "3", "4"]]
    assert [each.question.request for each in served] == ["0", "1", "2", "3", "4"]


def test_smaller_priorities_go_first() -> None:
    spoken = Spoken("one")
    with Engine(spoken, ServingConfig(batch_max=1)) as engine:
        with Held(engine, spoken):
            asked = [engine.ask([question(each)], priority=each) for each in (3, 1, 2)]
        for each in asked:
            each.result(10)
    assert spoken.batches == [["0"], ["1"], ["2"], ["3"]]


def test_what_is_late_before_it_begins_is_not_computed() -> None:
    spoken = Spoken("one")
    with Engine(spoken, ServingConfig(batch_max=2)) as engine:
        with Held(engine, spoken):
            late = engine.ask([question(1)], within=0)
            in_time = engine.ask([question(2)], within=60_000_000_000)
        assert reason(late.result(10)[0].answer) == "late"
        assert not isinstance(in_time.result(10)[0].answer, Abstention)
    assert spoken.batches == [["0"], ["2"]]


def test_what_is_late_when_it_is_answered_is_told_as_late() -> None:
    spoken, now = Spoken("one"), [0]
    with Engine(spoken, ServingConfig(batch_max=1), clock=lambda: now[0]) as engine:
        spoken.free.clear()
        asked = engine.ask([question(1)], within=5)
        assert spoken.began.wait(10)
        now[0] = 6
        spoken.free.set()
        served = asked.result(10)[0]
    assert spoken.batches == [["1"]]
    assert reason(served.answer) == "late"
    assert served.latency == 6


def test_a_batch_that_does_not_fit_is_halved_until_it_does() -> None:
    spoken = Spoken("small", room=2)
    with Engine(spoken) as engine:
        served = engine.ask([question(number) for number in range(5)]).result(10)
    assert [len(batch) for batch in spoken.batches] == [2, 1, 2]
    assert not any(isinstance(each.answer, Abstention) for each in served)


def test_one_question_that_does_not_fit_goes_to_the_fallback() -> None:
    fallback = Spoken("processor")
    with Engine(Spoken("full", room=0), fallback=fallback) as engine:
        served = engine.ask([question(1), question(2)]).result(10)
    assert fallback.batches == [["1"], ["2"]]
    assert all(isinstance(each.answer, tuple) for each in served)


@pytest.mark.parametrize(
    ("spoken", "fallback", "expected"),
    [
        (Spoken("full", room=0), None, "out_of_memory"),
        (Spoken("broken", breaks=True), None, "failed"),
        (Spoken("full", room=0), Spoken("broken", breaks=True), "failed"),
    ],
)
def test_a_model_that_cannot_answer_abstains_and_the_engine_goes_on(
    spoken: Spoken, fallback: Spoken | None, expected: str
) -> None:
    with Engine(spoken, fallback=fallback) as engine:
        assert reason(engine.ask([question(1)]).result(10)[0].answer) == expected
        engine.swap(Spoken("healthy"))
        assert isinstance(engine.ask([question(2)]).result(10)[0].answer, tuple)


def test_a_swap_takes_place_between_two_batches() -> None:
    before, after = Spoken("before"), Spoken("after")
    with Engine(before, ServingConfig(batch_max=1)) as engine:
        with Held(engine, before):
            engine.swap(after)
            waiting = engine.ask([question(1)])
        served = waiting.result(10)[0]
    assert before.batches == [["0"]]
    assert after.batches == [["1"]]
    assert served.model_digest == "after"


def test_a_stopped_engine_abstains_from_what_waited_and_takes_nothing_more() -> None:
    spoken = Spoken("one")
    engine = Engine(spoken)
    waiting = engine.ask([question(1)])
    engine._stopping = True
    with engine:
        pass
    assert reason(waiting.result(10)[0].answer) == "stopped"
    with pytest.raises(Stopped):
        engine.ask([question(2)])
