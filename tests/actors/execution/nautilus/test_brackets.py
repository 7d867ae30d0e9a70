"""Brackets: an entry whose fill sets a stop-loss and a take-profit, of which one ends the other."""

from decimal import Decimal

import pytest

from schemas.order import OrderAccepted, OrderType, OrderUpdated, Side, Terms
from tests.support.quoted import FALLING, RISING, T0, S, play, sending, withdrawing
from tests.support.recorded import EURUSD
from tests.support.venue_driver import Driver, terms, ticket

LEGS = {"stop_loss": "1.38900", "take_profit": "1.39100"}


def bracket(**given: str) -> Terms:
    return terms(given)


def ends(told: Driver) -> dict[str, str]:
    return {name: told.kinds(name)[-1] for name in ("O-1", "O-1-SL", "O-1-TP")}


def test_in_a_rising_market_the_profit_is_taken_and_the_stop_withdrawn() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD, terms=bracket(**LEGS)))})
    assert ends(told) == {
        "O-1": "order.filled",
        "O-1-SL": "order.cancelled",
        "O-1-TP": "order.filled",
    }
    assert told.fills("O-1-TP") == [(T0 + 10 * S, "1.39100", "1000")]


def test_in_a_falling_market_the_loss_is_stopped_and_the_profit_withdrawn() -> None:
    told = play(FALLING, {1: sending(ticket(EURUSD, terms=bracket(**LEGS)))})
    assert ends(told) == {
        "O-1": "order.filled",
        "O-1-SL": "order.filled",
        "O-1-TP": "order.cancelled",
    }
    assert told.fills("O-1-SL") == [(T0 + 10 * S, "1.38900", "1000")]


def test_a_short_bracket_mirrors_a_long_one() -> None:
    legs = bracket(stop_loss="1.39100", take_profit="1.38900")
    told = play(FALLING, {1: sending(ticket(EURUSD, Side.SELL, terms=legs))})
    assert told.fills("O-1-TP")[0][1] == "1.38900"
    assert {leg.side for leg in told.of(OrderAccepted)} == {Side.BUY}


@pytest.mark.parametrize(
    ("kind", "prices", "market"),
    [
        (OrderType.LIMIT, {"price": "1.38952"}, FALLING),
        (OrderType.STOP, {"trigger": "1.39050"}, RISING),
        (OrderType.STOP_LIMIT, {"trigger": "1.39050", "price": "1.39060"}, RISING),
    ],
)
def test_the_legs_of_a_waiting_entry_work_only_once_it_is_filled(
    kind: OrderType, prices: dict[str, str], market: list[int]
) -> None:
    told = play(market, {1: sending(ticket(EURUSD, terms=bracket(type=kind, **prices, **LEGS)))})
    entered = told.fills("O-1")[0][0]
    accepted = {
        given.payload.client_order_id: given.ts
        for given in told.said
        if isinstance(given.payload, OrderAccepted)
    }
    assert entered > T0 + S
    assert accepted["O-1"] == T0 + S
    assert accepted["O-1-SL"] == accepted["O-1-TP"] == entered
    assert sorted(ends(told).values()) == ["order.cancelled", "order.filled", "order.filled"]


def test_every_word_about_a_leg_is_caused_by_the_brackets_approval() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD, terms=bracket(**LEGS)))})
    about_legs = [
        given
        for given in told.said
        if getattr(given.payload, "client_order_id", "").startswith("O-1-")
    ]
    entry = next(given for given in told.said if given.id == "O-1/order.submitted/0")
    assert len(about_legs) == 6
    assert {(given.cause, given.correlation) for given in about_legs} == {
        (entry.cause, entry.correlation)
    }


def test_the_legs_tell_their_own_prices() -> None:
    told = play(RISING, {1: sending(ticket(EURUSD, terms=bracket(**LEGS)))})
    legs = {leg.client_order_id: leg for leg in told.of(OrderAccepted)}
    assert (legs["O-1-SL"].type, legs["O-1-SL"].trigger) == (OrderType.STOP, Decimal("1.38900"))
    assert (legs["O-1-TP"].type, legs["O-1-TP"].price) == (OrderType.LIMIT, Decimal("1.39100"))


def test_a_trailing_stop_loss_starts_behind_the_market_and_follows_it() -> None:
    legs = bracket(stop_loss_trail="0.00030", take_profit="1.39900")
    told = play([*RISING[:8], *reversed(RISING[:8])], {1: sending(ticket(EURUSD, terms=legs))})
    triggers = [u.trigger for u in told.of(OrderUpdated) if u.client_order_id == "O-1-SL"]
    assert triggers[0] == Decimal("1.38990")
    assert triggers[-1] == Decimal("1.39040")
    assert told.fills("O-1-SL")[0][1] == "1.39040"
    assert ends(told)["O-1-TP"] == "order.cancelled"


def test_cancelling_an_entry_that_waits_cancels_its_legs() -> None:
    legs = bracket(type="limit", price="1.38950", **LEGS)
    told = play(RISING, {1: sending(ticket(EURUSD, terms=legs)), 3: withdrawing("O-1")})
    assert set(ends(told).values()) == {"order.cancelled"}


def test_a_leg_can_be_cancelled_by_its_own_name() -> None:
    legs = bracket(**LEGS)
    told = play(RISING[:9], {1: sending(ticket(EURUSD, terms=legs)), 3: withdrawing("O-1-SL")})
    assert ends(told)["O-1-SL"] == "order.cancelled"
    assert told.fills("O-1-SL") == []
