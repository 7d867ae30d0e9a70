"""What a recogniser said in a run becomes lessons: at the bar's close, pooled, and nothing else."""

import msgspec
import numpy as np
import pytest

from events.backends.memory.journal import MemoryJournal
from events.journal import Journal
from runtime.training.teaching import Lessons, NothingSaid, TeacherConfig
from schemas.envelope import AnyEvent
from schemas.market import PriceType
from schemas.pattern import Direction, PatternAbstained, PatternRecognised, PatternRequested
from tests.support.steps import MINUTE_NS, bar, event, step_at

TEACHER = TeacherConfig(recogniser="minicpm", weight=0.7)
EURUSD = "EUR/USD.FXCM"


def journal_of(*inputs: AnyEvent) -> Journal:
    journal = MemoryJournal()
    with journal.open() as writer:
        for given in inputs:
            step = msgspec.structs.replace(step_at(writer.head), input=given, outputs=())
            writer.append(step)
    return journal


def request(minute: int, instrument: str = EURUSD) -> AnyEvent:
    """A question about the bar that closed then."""
    asked = PatternRequested(
        instrument=instrument,
        interval="1m",
        price_type=PriceType.BID,
        recogniser="minicpm",
        bars=60,
        window_hash="",
        deadline=(minute + 1) * MINUTE_NS,
    )
    return event(minute, asked, cause=f"{instrument} at {minute}")


def answer(
    to: AnyEvent,
    direction: Direction,
    confidence: float,
    *,
    recogniser: str = "minicpm",
    interval: str = "1m",
    instrument: str = EURUSD,
) -> AnyEvent:
    """Given two minutes after the question."""
    said = PatternRecognised(
        request=to.id,
        instrument=instrument,
        interval=interval,
        recogniser=recogniser,
        pattern="flag",
        direction=direction,
        begins=0,
        horizon=5 * MINUTE_NS,
        confidence=confidence,
        calibrated=False,
        model_digest="m",
        chart_hash="",
        feature_hash="",
        latency=2 * MINUTE_NS,
    )
    return event(to.ts // MINUTE_NS + 2, said, cause=f"{to.id} {recogniser} {confidence}")


def lessons(*inputs: AnyEvent) -> Lessons:
    return Lessons.of(journal_of(*inputs), "run-1", TEACHER, "1m")


def test_an_answer_teaches_about_the_bar_that_was_asked_about_and_not_the_time_it_came() -> None:
    asked = request(7)
    taught = lessons(asked, answer(asked, "long", 0.8)).taught(
        [EURUSD], np.array([6, 7, 9]) * MINUTE_NS
    )
    assert taught.weight == 0.7
    assert taught.spoke.tolist() == [[False], [True], [False]]
    assert taught.said[1, 0] == pytest.approx([0.1, 0.1, 0.8])


def test_a_rules_answer_names_the_bar_itself() -> None:
    closed = event(4, bar(3))
    rules = TeacherConfig(recogniser="rules")
    said = answer(closed, "short", 0.5, recogniser="rules")
    found = Lessons.of(journal_of(closed, said), "run-1", rules, "1m")
    times, probabilities = found.said[EURUSD]
    assert times.tolist() == [4 * MINUTE_NS]
    assert probabilities[0] == pytest.approx([0.5, 0.25, 0.25])


def test_several_answers_about_one_bar_are_pooled() -> None:
    asked = request(7)
    found = lessons(asked, answer(asked, "long", 0.8), answer(asked, "short", 0.6))
    assert found.said[EURUSD][1] == pytest.approx(np.array([[0.35, 0.15, 0.5]]))


def test_instruments_are_apart_and_a_silent_one_is_not_taught() -> None:
    asked, other = request(7), request(8, "USD/JPY.FXCM")
    found = lessons(
        asked,
        answer(asked, "flat", 1.0),
        other,
        answer(other, "long", 1.0, instrument="USD/JPY.FXCM"),
    )
    moments = np.array([7, 8]) * MINUTE_NS
    taught = found.taught(["USD/JPY.FXCM", "GBP/USD.FXCM", EURUSD], moments)
    assert taught.spoke.tolist() == [[False, False, True], [True, False, False]]


def test_abstentions_other_recognisers_and_other_intervals_teach_nothing() -> None:
    asked = request(7)
    abstained = PatternAbstained(
        request=asked.id, instrument=EURUSD, interval="1m", recogniser="minicpm", reason="late"
    )
    with pytest.raises(NothingSaid) as refused:
        lessons(
            asked,
            event(8, abstained),
            answer(asked, "long", 0.9, recogniser="rules"),
            answer(asked, "long", 0.8, interval="5m"),
        )
    assert str(refused.value) == (
        "run run-1: no answer of minicpm about 1m bars; "
        "there are: 1 of minicpm (5m), 1 of rules (1m)"
    )


def test_the_digest_tells_other_answers_and_another_weight() -> None:
    asked = request(7)
    one = lessons(asked, answer(asked, "long", 0.8))
    other = lessons(asked, answer(asked, "long", 0.9))
    lighter = Lessons.of(
        journal_of(asked, answer(asked, "long", 0.8)),
        "run-1",
        TeacherConfig(recogniser="minicpm", weight=0.2),
        "1m",
    )
    assert len({one.digest, other.digest, lighter.digest}) == 3
    assert lessons(asked, answer(asked, "long", 0.8)).digest == one.digest
