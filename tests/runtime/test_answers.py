"""No question is asked twice, and what is remembered is what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from runtime.answers import Remembered, RememberedModels, question_digests
from tests.support.walks import MINUTE, walked


@dataclass
class Asked:
    """Answers by the last price, and remembers what it was asked."""

    name: str = "asked"
    bars: int = 5
    model_digest: str = "0123456789abcdef0123"
    abstains: bool = False
    requests: list[str] = field(default_factory=list)

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        self.requests += [each.request for each in questions]
        if self.abstains:
            return [Abstention(reason="timeout")] * len(questions)
        return [self._seen(each) for each in questions]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return np.zeros((1, 1), dtype=np.uint8)

    def _seen(self, question: Question) -> tuple[Recognition, ...]:
        price = question.candles.close[-1]
        if price < 90:
            return ()
        confidence = float(price % 1)
        return (Recognition(pattern="p", direction="long", horizon=1, confidence=confidence),)


def question(seed: int, request: str = "", **peers: Candles) -> Question:
    return Question(
        request=request or str(seed),
        instrument="I",
        interval="1m",
        interval_ns=MINUTE,
        panel={"I": walked(seed, 5), **peers},
    )


def test_the_same_question_is_asked_once_in_this_process_and_in_the_next(tmp_path: Path) -> None:
    path, first = tmp_path / "answers" / "a.jsonl", Asked()
    remembered = Remembered(first, path)
    told = [*remembered.recognise([question(1), question(2)])]
    assert [*remembered.recognise([question(2, "x"), question(3), question(1, "y")])] == [
        told[1],
        *first.recognise([question(3)]),
        told[0],
    ]
    assert first.requests == ["1", "2", "3", "3"]
    again = Asked()
    assert [*Remembered(again, path).recognise([question(1), question(2)])] == told
    assert again.requests == []


def test_nothing_seen_is_an_answer_and_an_abstention_is_none(tmp_path: Path) -> None:
    low = low_question()
    asked = Asked()
    remembered = Remembered(asked, tmp_path / "a.jsonl")
    assert [*remembered.recognise([low])] == [()]
    assert [*remembered.recognise([low])] == [()]
    assert asked.requests == ["low"]
    asked.abstains = True
    for _ in range(2):
        (answer,) = remembered.recognise([question(1)])
        assert isinstance(answer, Abstention)
    assert asked.requests == ["low", "1", "1"]


def low_question() -> Question:
    """About a price at which nothing is seen."""
    return Question(
        request="low",
        instrument="I",
        interval="1m",
        interval_ns=MINUTE,
        panel={"I": walked(1, 5, price=50.0)},
    )


def test_another_question_is_one_that_differs_in_anything_that_is_looked_at() -> None:
    told = question(1)
    other = [
        question(2),
        question(1, J=walked(3, 5)),
        question(1, J=walked(4, 5)),
        question(1, K=walked(3, 5)),
        replace(told, instrument="J"),
        replace(told, interval="5m"),
    ]
    digests = {*question_digests([told, *other])}
    assert len(digests) == len(other) + 1
    assert question_digests([question(1, "another request")]) == question_digests([told])


def test_a_torn_line_is_asked_again(tmp_path: Path) -> None:
    path, asked = tmp_path / "a.jsonl", Asked()
    Remembered(asked, path).recognise([question(1), question(2)])
    path.write_bytes(path.read_bytes()[:-9])
    for _ in range(2):
        Remembered(asked, path).recognise([question(1), question(2)])
    assert asked.requests == ["1", "2", "2"], "and what was written behind it is read"


def test_a_memory_that_cannot_be_kept_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    remembered = Remembered(Asked(), tmp_path / "file" / "a.jsonl")
    (answer,) = remembered.recognise([question(1)])
    assert not isinstance(answer, Abstention)


def test_other_code_and_other_weights_are_other_memories(tmp_path: Path) -> None:
    asked = Asked()
    code = "a" * 32
    for digest in ("0" * 32, "1" * 32):
        asked.model_digest = digest
        RememberedModels({"asked": asked}, tmp_path, lambda: code)["asked"].recognise([question(1)])
    code = "b" * 32
    models = RememberedModels({"asked": asked}, tmp_path, lambda: code)
    models["asked"].recognise([question(1)])
    models["asked"].recognise([question(1)])
    assert asked.requests == ["1", "1", "1"]
    assert len(list(tmp_path.iterdir())) == 3
    assert list(models) == ["asked"]
    assert "nobody" not in models
    with pytest.raises(KeyError):
        models["nobody"]
