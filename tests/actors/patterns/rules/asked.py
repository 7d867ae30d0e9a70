"""Asking the rules about the last bars of some candles."""

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Answer, Question, Recognition
from actors.patterns.rules.recogniser import Rules
from tests.actors.patterns.drawn import MINUTE_NS

INSTRUMENT = "EUR/USD.OANDA"
RULES = Rules()


def question(candles: Candles, end: int | None = None, bars: int = RULES.bars) -> Question:
    """About the ``bars`` bars before place ``end``, or the last ones."""
    end = len(candles) if end is None else end
    return Question(
        request="request",
        instrument=INSTRUMENT,
        interval="1m",
        interval_ns=MINUTE_NS,
        panel={INSTRUMENT: candles[end - bars : end]},
    )


def answer(candles: Candles, end: int | None = None) -> Answer:
    """What the rules say about the bar before place ``end``."""
    (said,) = RULES.recognise([question(candles, end)])
    return said


def seen(candles: Candles, end: int | None = None) -> tuple[Recognition, ...]:
    """What they see there; not an abstention."""
    said = answer(candles, end)
    assert isinstance(said, tuple), said
    return said


def named(candles: Candles, end: int | None = None) -> set[tuple[str, str]]:
    """Pattern and direction of everything that they see."""
    return {(each.pattern, each.direction) for each in seen(candles, end)}
