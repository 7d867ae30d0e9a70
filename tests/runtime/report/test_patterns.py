"""Marks of what recognisers saw: when, where, and since when it formed."""

from decimal import Decimal

import msgspec

from actors.kit.testing import at, closed
from runtime.report.patterns import MARKS_MAX, Patterns
from schemas.pattern import PatternAbstained, PatternRecognised
from tests.actors.strategies.real_bars import EURUSD, eurusd

BAR = eurusd()[10]
SEEN = PatternRecognised(
    request="r",
    instrument=EURUSD.id,
    interval="1m",
    recogniser="fast",
    pattern="double_top",
    direction="short",
    begins=BAR.ts_close - 100,
    horizon=1,
    confidence=0.7,
    calibrated=True,
    model_digest="m",
    chart_hash="c",
    feature_hash="f",
    latency=0,
)


def folded(*payloads: PatternRecognised | PatternAbstained) -> Patterns:
    patterns = Patterns()
    patterns.learn(closed(BAR))
    for payload in payloads:
        patterns.learn(at(BAR.ts_close + 5, payload))
    return patterns


def test_a_mark_stands_at_the_close_of_the_bar_before_it() -> None:
    (mark,) = folded(SEEN).marks(EURUSD.id)
    assert (mark.price, mark.ts, mark.begins) == (BAR.close, BAR.ts_close + 5, BAR.ts_close - 100)
    assert (mark.pattern, mark.direction, mark.confidence) == ("double_top", "short", 0.7)


def test_where_nobody_knows_the_beginning_the_mark_is_a_point() -> None:
    (mark,) = folded(msgspec.structs.replace(SEEN, begins=0)).marks(EURUSD.id)
    assert mark.begins == mark.ts


def test_a_confidence_that_was_never_held_against_anything_is_not_shown() -> None:
    (mark,) = folded(msgspec.structs.replace(SEEN, calibrated=False)).marks(EURUSD.id)
    assert mark.confidence is None


def test_abstentions_and_other_instruments_leave_no_mark() -> None:
    abstained = PatternAbstained(
        request="r", instrument=EURUSD.id, interval="1m", recogniser="fast", reason="late"
    )
    assert folded(abstained).marks(EURUSD.id) == ()
    assert folded(SEEN).marks("SPY.ARCA") == ()


def test_of_very_many_the_newest_are_kept() -> None:
    many = [msgspec.structs.replace(SEEN, horizon=number) for number in range(MARKS_MAX + 5)]
    marks = folded(*many).marks(EURUSD.id)
    assert len(marks) == MARKS_MAX
    assert marks[0].price > Decimal(0)
