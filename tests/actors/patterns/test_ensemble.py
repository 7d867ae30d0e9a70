"""Several recognisers pooled: what they agree on grows sure, what they quarrel about does not."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.patterns.ensemble import Ensemble
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from schemas.pattern import Direction
from tests.support.walks import MINUTE, walked

PANEL = {name: walked(place, 30) for place, name in enumerate("ABC")}
SILENT = Abstention(reason="no_pattern")


class Says:
    """Gives one answer to every question, and keeps what it was asked."""

    def __init__(self, answer: Answer, bars: int = 10) -> None:
        self.name, self.bars, self.answer = "says", bars, answer
        self.model_digest = repr(answer)
        self.asked: list[Question] = []

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        self.asked += questions
        return [self.answer] * len(questions)

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return np.full((1, 1), len(question.candles), dtype=np.uint8)


def sees(direction: Direction, confidence: float, pattern: str = "p") -> tuple[Recognition, ...]:
    seen = Recognition(
        pattern=pattern, direction=direction, horizon=MINUTE, confidence=confidence, calibrated=True
    )
    return (seen,)


def question() -> Question:
    return Question(
        request="r",
        instrument="A",
        interval="1m",
        interval_ns=MINUTE,
        panel=PANEL,
    )


def pooled(*answers: Answer, quorum: int = 2) -> Answer:
    (answer,) = Ensemble([Says(each) for each in answers], quorum).recognise([question()])
    return answer


def test_agreement_is_the_mean_confidence_and_names_every_pattern() -> None:
    answer = pooled(sees("long", 0.6, "hammer"), sees("long", 0.8, "breakout_up"))
    assert isinstance(answer, tuple)
    assert answer[0].direction == "long"
    assert answer[0].confidence == pytest.approx(0.7)
    assert answer[0].pattern == "hammer+breakout_up"
    assert answer[0].calibrated


def test_a_quarrel_goes_to_the_surer_one_and_leaves_little_confidence() -> None:
    answer = pooled(sees("long", 0.5), sees("short", 0.7))
    assert isinstance(answer, tuple)
    assert answer[0].direction == "short"
    assert answer[0].confidence == pytest.approx((0.25 + 0.7) / 2)


@pytest.mark.parametrize("silent", [SILENT, ()])
def test_too_few_that_see_something_are_no_quorum(silent: Answer) -> None:
    assert pooled(sees("long", 0.9), silent) == Abstention(reason="no_quorum", detail="1 of 2")
    assert isinstance(pooled(sees("long", 0.9), silent, quorum=1), tuple)


def test_a_member_that_sees_several_things_speaks_by_its_surest() -> None:
    several = (*sees("short", 0.4), *sees("long", 0.9))
    answer = pooled(several, sees("long", 0.9))
    assert isinstance(answer, tuple)
    assert answer[0].direction == "long"
    assert answer[0].confidence == pytest.approx(0.9)


def test_each_member_is_asked_about_as_many_bars_as_it_wants_and_panels_stay_shared() -> None:
    short, long = Says(sees("long", 0.6), bars=5), Says(sees("long", 0.6), bars=20)
    ensemble = Ensemble([short, long])
    ensemble.recognise([question(), replace(question(), instrument="B")])
    assert ensemble.bars == 20
    assert [len(member.asked[0].candles) for member in (short, long)] == [5, 20]
    assert [len(member.asked[1].panel["C"]) for member in (short, long)] == [5, 20]
    assert all(member.asked[0].panel is member.asked[1].panel for member in (short, long))
    picture = ensemble.picture(question())
    assert picture is not None
    assert picture[0, 0] == 5


def test_its_digest_changes_with_a_members_and_with_the_quorum() -> None:
    one, two = Says(sees("long", 0.6)), Says(sees("short", 0.6))
    digests = {Ensemble([one, two]).model_digest, Ensemble([one, one]).model_digest}
    assert len(digests | {Ensemble([one, two], 1).model_digest}) == 3


@pytest.mark.parametrize(("members", "quorum"), [(1, 1), (2, 3), (2, 0)])
def test_a_quorum_that_cannot_be_is_refused(members: int, quorum: int) -> None:
    with pytest.raises(ValueError, match="a quorum of"):
        Ensemble([Says(SILENT)] * members, quorum)
