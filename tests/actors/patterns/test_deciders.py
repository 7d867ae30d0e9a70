"""Recognisers among the deciders of a cell."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from actors.kit.testing import at, closed, given
from actors.patterns.candles import candles_of
from actors.patterns.deciders import PatternAsker, PatternReader
from actors.patterns.memory import Stream
from actors.patterns.recogniser import Answer, Question, Recognition
from actors.patterns.rules.recogniser import Rules
from actors.patterns.watch import Watched
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from tests.actors.strategies.real_bars import MINUTE_NS, eurusd

BARS = eurusd()
STREAM = Stream.of(BARS[0])


class Sees:
    """Sees one thing in every question."""

    name = "sees"
    bars = 5
    model_digest = "digest"

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        seen = Recognition(pattern="something", direction="long", horizon=MINUTE_NS)
        return [(seen,)] * len(questions)

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return None


def watched(bars: int = 5, every: int = 1, longest_gap: int | None = None) -> Watched:
    return Watched(streams=(STREAM,), bars=bars, every=every, longest_gap=longest_gap)


def reader(**settings: int) -> PatternReader:
    return PatternReader("patterns.sees.1m", Sees(), watched(**settings))


def asker(**settings: int) -> PatternAsker:
    return PatternAsker("patterns.model.1m", "model", watched(**settings), MINUTE_NS)


def answers_of(made: PatternReader | PatternAsker, bars: Sequence[Bar]) -> list[int]:
    return [len(made.handle(closed(bar))) for bar in bars]


def test_a_reader_says_in_the_step_of_the_bar_what_is_seen() -> None:
    last = closed(BARS[9])
    given(reader, *map(closed, BARS[:9])).when(last).then(
        PatternRecognised(
            request=last.id,
            instrument=STREAM.instrument,
            interval="1m",
            recogniser="sees",
            pattern="something",
            direction="long",
            begins=0,
            horizon=MINUTE_NS,
            confidence=0.5,
            calibrated=False,
            model_digest="digest",
            chart_hash="",
            feature_hash="",
            latency=0,
        )
    )


def test_says_nothing_before_there_are_enough_bars() -> None:
    assert answers_of(reader(), BARS[:7]) == [0, 0, 0, 0, 1, 1, 1]


def test_asks_at_every_so_many_bars() -> None:
    assert answers_of(reader(every=3), BARS[:12]) == [0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_hears_only_its_streams() -> None:
    other = msgspec.structs.replace(BARS[9], interval="5m")
    given(reader, *map(closed, BARS[:9])).when(closed(other)).then()


def test_an_asker_names_the_bars_that_it_means() -> None:
    last = closed(BARS[9])
    given(asker, *map(closed, BARS[:9])).when(last).then(
        PatternRequested(
            instrument=STREAM.instrument,
            interval="1m",
            price_type=STREAM.price_type,
            recogniser="model",
            bars=5,
            window_hash=candles_of(BARS[5:10]).digest(),
            deadline=last.ts + MINUTE_NS,
        )
    )


@pytest.mark.parametrize("make", [reader, asker])
def test_abstains_where_the_price_stands_still(
    make: type[PatternReader] | type[PatternAsker],
) -> None:
    still = [
        msgspec.structs.replace(
            bar, open=Decimal(1), high=Decimal(1), low=Decimal(1), close=Decimal(1)
        )
        for bar in BARS[:5]
    ]
    scenario = given(make, *map(closed, still[:4])).when(closed(still[4])).then(PatternAbstained)
    (said,) = scenario.answers
    assert isinstance(said, PatternAbstained)
    assert (said.reason, said.detail) == ("constant_price", "1 throughout")


def test_abstains_over_a_gap_where_it_was_told_to() -> None:
    late = [
        msgspec.structs.replace(
            bar, ts_open=bar.ts_open + 7 * MINUTE_NS, ts_close=bar.ts_close + 7 * MINUTE_NS
        )
        for bar in BARS[3:8]
    ]
    bars = [*BARS[:3], *late]
    assert answers_of(reader(), bars[:5]) == [0, 0, 0, 0, 1]
    scenario = given(lambda: reader(longest_gap=5), *map(closed, bars[:4]))
    (said,) = scenario.when(closed(bars[4])).then(PatternAbstained).answers
    assert isinstance(said, PatternAbstained)
    assert (said.reason, said.detail) == ("gap", "two bars close 8 intervals apart")


def test_abstains_from_bars_that_cannot_be() -> None:
    wrong = msgspec.structs.replace(BARS[4], high=Decimal(0))
    scenario = given(reader, *map(closed, BARS[:4])).when(at(wrong.ts_close, wrong))
    (said,) = scenario.then(PatternAbstained).answers
    assert isinstance(said, PatternAbstained)
    assert (said.reason, said.detail) == ("unfit_bars", "bar 4: high is below open, close or low")


def test_rules_say_the_same_after_a_restart_at_any_bar() -> None:
    scenario = given(
        lambda: PatternReader("patterns.rules.1m", Rules(), watched(bars=120)),
        *map(closed, BARS[:225]),
    )
    said = [answer for bar in BARS[225:235] for answer in scenario.when(closed(bar)).answers]
    assert "double_top" in {each.pattern for each in said if isinstance(each, PatternRecognised)}
