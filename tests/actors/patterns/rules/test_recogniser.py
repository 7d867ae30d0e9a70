"""What holds for every rule: no look-ahead, no units, no side of the market preferred."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Abstention
from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.recogniser import Rules
from actors.patterns.rules.table import RULES as TABLE
from tests.actors.patterns.drawn import MINUTE_NS, candles, scaled
from tests.actors.patterns.markets import btcusd, eurusd_oanda, spy_daily
from tests.actors.patterns.rules.asked import RULES, answer, named, question, seen

ENDS = st.integers(RULES.bars, 1_000)

TURNED = {rule.rises: rule.falls or rule.rises for rule in TABLE}
TURNED |= {falls: rises for rises, falls in TURNED.items()}
TURNED_DIRECTION = {"long": "short", "short": "long", "flat": "flat"}


@given(end=ENDS, power=st.integers(-10, 10))
def test_the_unit_of_price_makes_no_difference(end: int, power: int) -> None:
    market = btcusd()
    assert named(scaled(market, 2.0**power), end) == named(market, end)


@given(end=ENDS)
def test_a_falling_market_is_judged_like_a_rising_one(end: int) -> None:
    market = btcusd()
    turned = Candles(
        open=-market.open,
        high=-market.low,
        low=-market.high,
        close=-market.close,
        volume=market.volume,
        ts_close=market.ts_close,
    )
    expected = {
        (TURNED[pattern], TURNED_DIRECTION[direction]) for pattern, direction in named(market, end)
    }
    assert named(turned, end) == expected


@given(end=ENDS, future=st.integers(1, 50))
def test_the_bars_that_follow_change_nothing(end: int, future: int) -> None:
    market = eurusd_oanda()
    longer = question(market, end + future, RULES.bars + future).candles
    assert named(longer, RULES.bars) == named(market, end)


def test_says_a_formation_once_when_it_completes() -> None:
    market = spy_daily()
    for end in range(RULES.bars + 1, 3_000):
        again = {each for each in named(market, end) if each[0] in {"double_top", "double_bottom"}}
        assert not again & named(market, end - 1)


def test_says_where_the_formation_begins_and_how_far_ahead_it_speaks() -> None:
    market = spy_daily()
    (found,) = [each for each in seen(market, 698) if each.pattern == "double_top"]
    assert found.begins == market.ts_close[639]
    assert found.horizon == (698 - 639) * MINUTE_NS
    assert (found.confidence, found.calibrated) == (0.5, False)


def test_a_question_is_answered_alike_alone_and_beside_others() -> None:
    market = eurusd_oanda()
    questions = [question(market, end) for end in range(200, 260)]
    together = RULES.recognise(questions)
    assert together == [RULES.recognise([each])[0] for each in questions]


def test_abstains_where_the_price_stands_still() -> None:
    still = candles([(7.0, 7.0, 7.0, 7.0)] * RULES.bars)
    assert answer(still) == Abstention(
        reason="constant_price", detail="the last bars have no range"
    )


def test_looks_only_for_what_it_was_asked_to_look_for() -> None:
    market = spy_daily()
    every = named(market, 805)
    assert ("hammer", "long") in every
    (hammer,) = Rules(only=["hammer"]).recognise([question(market, 805)])
    assert isinstance(hammer, tuple)
    assert [each.pattern for each in hammer] == ["hammer"]
    (other,) = Rules(only=["shooting_star"]).recognise([question(market, 805)])
    assert other == ()


def test_refuses_a_pattern_that_there_is_no_rule_for() -> None:
    with pytest.raises(ValueError, match="no rule for 'triple_top'; there are doji, bullish_eng"):
        Rules(only=["triple_top"])


def test_other_parameters_make_another_recogniser() -> None:
    digests = {
        Rules().model_digest,
        Rules(only=["hammer"]).model_digest,
        Rules(RuleParameters(level=0.2)).model_digest,
    }
    assert len(digests) == 3
    assert Rules().model_digest == Rules().model_digest


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="level"):
        msgspec.convert({"level": 1.5}, RuleParameters)


def test_the_digest_of_the_numbers_names_what_was_looked_at() -> None:
    market = spy_daily()
    found = seen(market, 805)
    assert {each.feature_hash for each in found} == {market[805 - RULES.bars : 805].digest()}
    assert np.all(np.diff(market.ts_close) > 0)
