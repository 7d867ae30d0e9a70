"""What a strategy says is exact, complete and possible."""

import math
from decimal import Decimal

import pytest

from actors.strategies.answers import Answers
from schemas.order import OrderCancelRequested, OrderType, Terms
from schemas.signal import SignalRaised, SignalWithheld
from schemas.timer import TimerSet
from tests.actors.strategies.real_bars import EURUSD, SPY

ANSWERS = Answers({EURUSD.id: EURUSD, SPY.id: SPY})


def test_targets_say_direction_and_leave_the_rest_to_sizing() -> None:
    assert ANSWERS.long(SPY.id) == SignalRaised(instrument=SPY.id, direction="long")
    assert ANSWERS.short(SPY.id, strength=0.5) == SignalRaised(
        instrument=SPY.id, direction="short", strength=0.5
    )
    assert ANSWERS.flat(SPY.id) == SignalRaised(instrument=SPY.id, direction="flat")


def test_an_order_adds_to_the_position_and_a_cancel_withdraws_what_works() -> None:
    assert ANSWERS.order(SPY.id, "short", quantity=3).intent == "order"
    assert ANSWERS.cancel(SPY.id).intent == "cancel"
    assert ANSWERS.withdraw(SPY.id, "O1", "stale") == OrderCancelRequested(
        client_order_id="O1", instrument=SPY.id, reason="stale"
    )


def test_prices_of_all_terms_are_put_on_the_tick() -> None:
    terms = Terms(
        type=OrderType.STOP_LIMIT,
        price=Decimal("167.126"),
        trigger=Decimal("167.1249999"),
        trail=Decimal("0.019"),
        stop_loss=Decimal("166.005"),
        take_profit=Decimal("170.015"),
        stop_loss_trail=Decimal("0.5"),
    )
    assert ANSWERS.long(SPY.id, terms=terms).terms == Terms(
        type=OrderType.STOP_LIMIT,
        price=Decimal("167.13"),
        trigger=Decimal("167.12"),
        trail=Decimal("0.02"),
        stop_loss=Decimal("166.00"),
        take_profit=Decimal("170.02"),
        stop_loss_trail=Decimal("0.50"),
    )


def test_a_price_of_binary_digits_becomes_the_decimal_that_it_is_written_as() -> None:
    assert str(ANSWERS.price(EURUSD.id, 1.391049999)) == "1.39105"
    assert str(ANSWERS.price(EURUSD.id, 0.1 + 0.2)) == "0.30000"


@pytest.mark.parametrize(
    "terms",
    [
        Terms(type=OrderType.TRAILING_STOP, trail=Decimal("0.004")),
        Terms(stop_loss_trail=Decimal("0.004")),
    ],
)
def test_a_trail_of_less_than_a_tick_is_refused(terms: Terms) -> None:
    with pytest.raises(ValueError, match=r"SPY\.ARCA: .*trail 0\.004 is less than a tick"):
        ANSWERS.order(SPY.id, "short", terms=terms)


def test_quantities_are_whole_lots() -> None:
    assert ANSWERS.long(EURUSD.id, quantity=12_400.7).quantity == 12_000
    with pytest.raises(ValueError, match="quantity of 400 is less than a lot"):
        ANSWERS.long(EURUSD.id, quantity=400)


def test_a_bracket_carries_both_legs() -> None:
    signal = ANSWERS.bracket(EURUSD.id, "short", stop_loss=1.4000049, take_profit=1.38)
    assert signal.terms == Terms(stop_loss=Decimal("1.40000"), take_profit=Decimal("1.38000"))
    assert (signal.intent, signal.direction) == ("order", "short")


@pytest.mark.parametrize(("stop", "target"), [(1.4, 1.38), (1.39, 1.39)])
def test_a_bracket_with_its_legs_on_the_wrong_sides_is_refused(stop: float, target: float) -> None:
    with pytest.raises(ValueError, match="long bracket: stop"):
        ANSWERS.bracket(EURUSD.id, "long", stop_loss=stop, take_profit=target)


def test_a_reason_keeps_ten_digits_of_a_float_and_all_of_a_decimal() -> None:
    reason = {
        "average": 1.3910123456789,
        "close": Decimal("1.391010"),
        "bars": 3,
        "above": True,
        "undefined": math.nan,
    }
    assert ANSWERS.long(EURUSD.id, reason=reason).reason == {
        "average": 1.391012346,
        "close": "1.391010",
        "bars": 3,
        "above": True,
        "undefined": "nan",
    }


def test_a_rule_of_the_strategys_own_says_its_limit_and_value() -> None:
    assert ANSWERS.withhold(
        SPY.id, "long", rule="spread", limit=Decimal("0.02"), value=0.1 + 0.2
    ) == SignalWithheld(
        instrument=SPY.id, direction="long", rule="spread", limit="0.02", value="0.3"
    )


def test_an_instrument_that_it_does_not_trade_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match=r"'GBP/USD\.OANDA' is none of EUR/USD\.OANDA, SPY\.ARCA"):
        ANSWERS.long("GBP/USD.OANDA")


def test_timers_are_set_for_a_time_or_a_while() -> None:
    answers = Answers({})
    answers.now = 100
    assert answers.wake("noon", at=150) == TimerSet(name="noon", at=150)
    assert answers.wake("soon", after=5) == TimerSet(name="soon", at=105)


@pytest.mark.parametrize(
    "when", [{}, {"at": 150, "after": 5}, {"at": 100}, {"at": 0}, {"after": 0}, {"after": -5}]
)
def test_a_timer_must_be_set_once_and_for_the_future(when: dict[str, int]) -> None:
    answers = Answers({})
    answers.now = 100
    with pytest.raises(ValueError, match="timer noon"):
        answers.wake("noon", **when)
