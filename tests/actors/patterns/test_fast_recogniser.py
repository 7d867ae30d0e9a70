"""The fast recogniser: one answer a question whatever else was asked, and none to bad bars."""

from dataclasses import replace

import numpy as np
import pytest

from actors.patterns.candles import Candles
from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.grey import grey_chart
from actors.patterns.fast_recogniser import FastRecogniser
from actors.patterns.features.bulk import feature_rows
from actors.patterns.features.panel import Observed, panel_of
from actors.patterns.models.onnx_model import OnnxModel
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from actors.patterns.serving.moments import questions_of
from tests.actors.patterns.models import made
from tests.support.walks import MINUTE, walked

WALKS = {f"I{place}.TEST": walked(place, 120) for place in range(4)}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> OnnxModel:
    return OnnxModel.open(made.kept(tmp_path_factory.mktemp("model")))


def at(moment: int, bars: int) -> list[Question]:
    candles = {name: walk[moment - bars : moment] for name, walk in WALKS.items()}
    return questions_of(candles, "1m", MINUTE)


def only(answer: Answer) -> Recognition:
    assert isinstance(answer, tuple), answer
    (seen,) = answer
    return seen


def test_an_answer_is_the_same_alone_and_beside_others(model: OnnxModel) -> None:
    recogniser = FastRecogniser(model)
    questions = at(100, recogniser.bars)
    together = recogniser.recognise(questions)
    alone = [FastRecogniser(model).recognise([question])[0] for question in questions]
    assert together == alone
    assert len({only(answer).chart_hash for answer in together}) == len(questions)


def test_what_was_asked_before_changes_no_answer(model: OnnxModel) -> None:
    seasoned = FastRecogniser(model)
    for moment in range(90, 100):
        seasoned.recognise(at(moment, seasoned.bars))
    asked = at(100, seasoned.bars)
    fresh = FastRecogniser(model).recognise(asked)
    assert seasoned.recognise(asked) == fresh
    assert seasoned.recognise(asked) == fresh
    assert seasoned.recognise(at(95, seasoned.bars)) == FastRecogniser(model).recognise(
        at(95, seasoned.bars)
    )


def test_candles_that_are_equal_and_not_the_same_object_give_the_same_answers(
    model: OnnxModel,
) -> None:
    recogniser = FastRecogniser(model)
    asked = at(100, recogniser.bars)
    copied = [replace(each, panel=dict(each.panel)) for each in asked]
    assert recogniser.recognise(copied) == recogniser.recognise(asked)


def test_the_network_sees_the_rows_that_it_learned_from(model: OnnxModel) -> None:
    recogniser = FastRecogniser(model)
    asked = at(100, recogniser.bars)
    panel = panel_of({name: Observed(candles=walk[:100]) for name, walk in WALKS.items()})
    rows = feature_rows(made.FEATURES, panel)[-made.SMALL.context :]
    seen = recogniser._rows.of(
        panel_of({name: Observed(candles=each) for name, each in asked[0].panel.items()}),
        made.SMALL.context,
    )
    np.testing.assert_array_equal(seen, np.swapaxes(rows, 0, 1).astype(np.float32))


def test_the_hash_names_the_picture_that_was_seen(model: OnnxModel) -> None:
    recogniser = FastRecogniser(model)
    question = at(100, recogniser.bars)[2]
    seen = only(recogniser.recognise([question])[0])
    assert seen.chart_hash == chart_hash(grey_chart(question.candles, 20))
    picture = recogniser.picture(question)
    assert picture is not None
    assert chart_hash(picture) == seen.chart_hash


def test_a_peer_without_a_bar_now_is_not_looked_at(model: OnnxModel) -> None:
    recogniser = FastRecogniser(model)
    question = at(100, recogniser.bars)[0]
    behind = {name: walk[99 - recogniser.bars : 99] for name, walk in WALKS.items()}
    panel = {**behind, question.instrument: question.candles}
    judged = recogniser._judged(replace(question, panel=panel))
    assert judged.places[question.instrument] == 0
    assert len(judged.charts) == 4
    assert judged.charts[0].any()
    assert not judged.charts[1:].any()


def given(question: Question, candles: Candles) -> Question:
    return replace(question, panel={**question.panel, question.instrument: candles})


def still(candles: Candles) -> Candles:
    flat = np.full(len(candles), 7.0)
    return replace(candles, open=flat, high=flat, low=flat, close=flat)


def below_zero(candles: Candles) -> Candles:
    prices = {name: getattr(candles, name) - 200 for name in ("open", "high", "low", "close")}
    return replace(candles, **prices)


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("too_few_bars", lambda q: given(q, q.candles[1:])),
        ("other_interval", lambda q: replace(q, interval="5m")),
        ("constant_price", lambda q: given(q, still(q.candles))),
        ("price_not_positive", lambda q: given(q, below_zero(q.candles))),
    ],
)
def test_bars_that_cannot_be_judged_are_abstained_from(
    model: OnnxModel, reason: str, change: object
) -> None:
    recogniser = FastRecogniser(model)
    good, spoilt = at(100, recogniser.bars)[:2]
    answers = recogniser.recognise([change(spoilt), good])  # type: ignore[operator]  # from a table
    assert isinstance(answers[0], Abstention)
    assert answers[0].reason == reason
    assert only(answers[1]).calibrated
