"""What becomes of every kind of order, and what is said about it."""

from decimal import Decimal

import pytest

from schemas.identity import event_id
from schemas.order import (
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRejected,
    OrderType,
    OrderUpdated,
    Side,
    Terms,
    TimeInForce,
)
from tests.support import venue_driver
from tests.support.quoted import FALLING, RISING, T0, S, play, sending, withdrawing
from tests.support.recorded import EURUSD
from tests.support.venue_driver import margin, ticket

HOUR = 3600 * S


def terms(kind: OrderType, **given: str | int | bool) -> Terms:
    return venue_driver.terms({"type": kind, **given})


def test_a_market_order_fills_at_the_tick_that_it_answers() -> None:
    told = play(RISING, {2: sending(ticket(EURUSD))})
    assert told.kinds("O-1") == ["order.submitted", "order.filled"]
    assert told.fills("O-1") == [(T0 + 2 * S, "1.39022", "1000")]


def test_every_answer_names_the_approval_as_its_cause() -> None:
    told = play(RISING, {2: sending(ticket(EURUSD))})
    approval = event_id("risk", "q:2", 1)
    answers = [given for given in told.said if given.author == "venue.FXCM"][-38:]
    about_order = [given for given in told.said if given.cause == approval]
    assert len(answers) == 38
    assert [given.payload.KIND for given in about_order] == ["order.submitted", "order.filled"]
    assert {given.correlation for given in about_order} == {"q:2"}
    assert about_order[0].id == "O-1/order.submitted/0"
    assert about_order[1].id.startswith("FXCM/T-")


def test_an_order_larger_than_the_best_size_takes_the_rest_a_tick_worse() -> None:
    told = play(RISING, {2: sending(ticket(EURUSD, quantity="1000"))}, size=400)
    assert [fill[1:] for fill in told.fills("O-1")] == [("1.39022", "400"), ("1.39023", "600")]


def test_a_limit_order_rests_until_the_market_comes_to_its_price() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.LIMIT, price="1.38952"))
    told = play(FALLING, {1: sending(order)})
    assert told.kinds("O-1") == ["order.submitted", "order.accepted", "order.filled"]
    assert told.fills("O-1") == [(T0 + 5 * S, "1.38952", "1000")]
    (accepted,) = told.of(OrderAccepted)
    assert (accepted.side, accepted.type, accepted.price) == (
        Side.BUY,
        OrderType.LIMIT,
        Decimal("1.38952"),
    )
    assert told.of(OrderFilled)[0].liquidity == "maker"


def test_a_stop_order_fills_when_its_trigger_is_passed() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.STOP, trigger="1.39060"))
    told = play(RISING, {1: sending(order)})
    assert told.fills("O-1")[0][0] == T0 + 6 * S


def test_a_stop_whose_trigger_is_passed_already_is_rejected_with_nautilus_reason() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.STOP, trigger="1.38000"))
    told = play(RISING, {1: sending(order)})
    (rejected,) = told.of(OrderRejected)
    assert "was in the market" in rejected.reason


def test_a_stop_limit_order_rests_at_its_limit_once_triggered() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.STOP_LIMIT, trigger="1.39060", price="1.39040"))
    told = play([*RISING[:10], *reversed(RISING[:10])], {1: sending(order)})
    assert told.kinds("O-1") == ["order.submitted", "order.accepted", "order.filled"]
    assert told.fills("O-1") == [(T0 + 16 * S, "1.39040", "1000")]


def test_a_trailing_stop_follows_the_bid_up_and_sells_when_it_falls_back() -> None:
    order = ticket(EURUSD, Side.SELL, terms=terms(OrderType.TRAILING_STOP, trail="0.00025"))
    told = play([*RISING[:6], *reversed(RISING[:6])], {1: sending(order)})
    triggers = [updated.trigger for updated in told.of(OrderUpdated)]
    assert triggers == [Decimal(text) for text in ("1.38995", "1.39005", "1.39015", "1.39025")]
    assert told.fills("O-1")[0][1] == "1.39020"


def test_a_buying_trailing_stop_follows_the_ask_down() -> None:
    order = ticket(EURUSD, Side.BUY, terms=terms(OrderType.TRAILING_STOP, trail="0.00025"))
    told = play([*FALLING[:6], *reversed(FALLING[:6])], {1: sending(order)})
    assert told.of(OrderUpdated)[-1].trigger == Decimal("1.38977")
    assert told.fills("O-1")[0][1] == "1.38982"


@pytest.mark.parametrize("kind", [TimeInForce.IOC, TimeInForce.FOK])
def test_an_immediate_order_that_cannot_fill_is_cancelled(kind: TimeInForce) -> None:
    order = ticket(EURUSD, terms=terms(OrderType.LIMIT, price="1.38000", time_in_force=kind))
    told = play(RISING, {1: sending(order)})
    assert told.kinds("O-1")[-1] == "order.cancelled"


def test_an_order_good_till_date_expires_at_the_first_tick_after_it() -> None:
    expiring = terms(
        OrderType.LIMIT, price="1.38000", time_in_force=TimeInForce.GTD, expire=T0 + 4 * S + 1
    )
    told = play(RISING, {1: sending(ticket(EURUSD, terms=expiring))})
    assert told.kinds("O-1")[-1] == "order.expired"
    assert told.said[[g.payload.KIND for g in told.said].index("order.expired")].ts == T0 + 5 * S


def test_a_day_order_expires_when_its_utc_day_ends() -> None:
    for_today = terms(OrderType.LIMIT, price="1.38000", time_in_force=TimeInForce.DAY)
    told = play(RISING, {1: sending(ticket(EURUSD, terms=for_today))}, step=HOUR)
    (expired,) = [given for given in told.said if given.payload.KIND == "order.expired"]
    midnight = 1_400_025_600 * S
    assert midnight <= expired.ts < midnight + HOUR


def test_a_market_order_for_the_day_simply_fills() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD, terms=Terms(time_in_force=TimeInForce.DAY)))})
    assert told.kinds("O-1")[-1] == "order.filled"


def test_a_post_only_order_that_would_take_is_rejected() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.LIMIT, price="1.40000", post_only=True))
    (rejected,) = play(RISING, {1: sending(order)}).of(OrderRejected)
    assert rejected.reason.startswith("POST_ONLY")


def test_a_reduce_only_order_never_opens_a_position() -> None:
    order = ticket(EURUSD, terms=Terms(reduce_only=True))
    told = play(RISING, {1: sending(order)})
    assert told.kinds("O-1")[-1] == "order.rejected"
    assert not told.of(OrderFilled)


def test_a_cancelled_order_does_not_fill_any_more() -> None:
    order = ticket(EURUSD, terms=terms(OrderType.LIMIT, price="1.38952"))
    told = play(FALLING, {1: sending(order), 3: withdrawing("O-1")})
    assert told.kinds("O-1") == ["order.submitted", "order.accepted", "order.cancelled"]


@pytest.mark.parametrize("name", ["O-1", "never sent"])
def test_cancelling_what_is_closed_or_unknown_changes_nothing(name: str) -> None:
    told = play(RISING, {1: sending(ticket(EURUSD)), 5: withdrawing(name)})
    assert told.kinds("O-1") == ["order.submitted", "order.filled"]
    assert not told.of(OrderCancelled)


def test_an_order_that_was_taken_before_is_not_sent_twice() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD)), 5: sending(ticket(EURUSD))})
    assert len(told.fills("O-1")) == 1


def test_more_than_the_margin_allows_is_rejected_with_nautilus_reason() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD, quantity="1000000000"))})
    (rejected,) = told.of(OrderRejected)
    assert rejected.reason.startswith("INITIAL_MARGIN_EXCEEDS_FREE_BALANCE")
    assert told.balances == [("FXCM", "USD", "1000000.00")]


def test_a_commission_is_what_the_instrument_says() -> None:
    told = play(RISING, {2: sending(ticket(EURUSD, quantity="100000"))}, margin(EURUSD))
    (fill,) = told.of(OrderFilled)
    assert (fill.commission.amount, fill.commission.currency) == (Decimal("2.78"), "USD")
    assert fill.liquidity == "taker"
    assert told.balances == [("FXCM", "USD", "999997.22")]
