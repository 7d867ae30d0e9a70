"""Orders that make no sense are rejected with a reason, and never reach Nautilus."""

import msgspec
import pytest

from actors.execution.nautilus.refusals import refusal
from schemas.order import OrderFilled, OrderRejected, OrderType, Side, Ticket
from tests.support.quoted import RISING, T0, play, sending
from tests.support.recorded import EURUSD
from tests.support.venue_driver import terms, ticket


def order(side: Side = Side.BUY, quantity: str = "1000", **given: str | int | bool) -> Ticket:
    return ticket(EURUSD, side, quantity, terms=terms(given))


def bracket(side: Side = Side.BUY, **given: str) -> Ticket:
    legs = {"stop_loss": "1.38900", "take_profit": "1.39100"}
    return ticket(EURUSD, side, terms=terms({**legs, **given}))


SENSELESS = {
    "quantity 0 is not positive": order(quantity="0"),
    "quantity -5 is not positive": order(quantity="-5"),
    "quantity NaN is not positive": order(quantity="NaN"),
    "quantity 1.5 is no multiple of the lot size 1": order(quantity="1.5"),
    "a limit order needs a price": order(type="limit"),
    "a stop order needs a trigger": order(type="stop"),
    "a stop_limit order needs a trigger": order(type="stop_limit", price="1.39000"),
    "a trailing_stop order needs a trail": order(type="trailing_stop"),
    "a market order has no price": order(price="1.39000"),
    "a limit order has no trail": order(type="limit", price="1.39000", trail="0.00100"),
    "price -1 is not positive": order(type="limit", price="-1"),
    "price Infinity is not positive": order(type="limit", price="Infinity"),
    "trail 0 is not positive": order(type="trailing_stop", trail="0"),
    "price 1.390005 is no multiple of the tick size 0.00001": order(type="limit", price="1.390005"),
    "a market order cannot be post-only": order(post_only=True),
    "a market order cannot be good till date": order(time_in_force="gtd", expire=T0 + 1),
    "an order good till date needs an expire": order(
        type="limit", price="1.39000", time_in_force="gtd"
    ),
    "an order gtc has no expire": order(type="limit", price="1.39000", expire=T0 * 2),
    f"expires at {T0}, and it is {T0}": order(
        type="limit", price="1.39000", time_in_force="gtd", expire=T0
    ),
    "a bracket needs a take_profit": order(stop_loss="1.38900"),
    "a bracket needs a stop_loss or a stop_loss_trail": order(take_profit="1.39100"),
    "a bracket's entry cannot trail": bracket(type="trailing_stop", trail="0.00100"),
    "a buy bracket's stop_loss, entry and take_profit are out of order": bracket(
        type="limit", price="1.39200"
    ),
    "a sell bracket's stop_loss, entry and take_profit are out of order": bracket(Side.SELL),
}


@pytest.mark.parametrize("reason", SENSELESS)
def test_says_what_is_wrong(reason: str) -> None:
    assert refusal(SENSELESS[reason], EURUSD, T0) == reason


@pytest.mark.parametrize("reason", [name for name in SENSELESS if "expires at" not in name])
def test_a_refused_order_is_answered_with_a_rejection_and_nothing_else(reason: str) -> None:
    told = play(RISING[:5], {1: sending(SENSELESS[reason])})
    (rejected,) = told.of(OrderRejected)
    assert rejected.reason == reason
    assert (rejected.client_order_id, rejected.strategy) == ("O-1", "strategies.test")
    assert told.kinds("O-1") == ["order.rejected"]


@pytest.mark.parametrize(
    "sound",
    [
        order(),
        order(type="limit", price="1.39000", post_only=True),
        order(type="trailing_stop", trail="0.00100", trigger="1.38000"),
        order(type="limit", price="1.39000", time_in_force="gtd", expire=T0 + 1),
        bracket(type="limit", price="1.39000"),
        order(Side.SELL, stop_loss="1.39100", take_profit="1.38900"),
        order(stop_loss_trail="0.00100", take_profit="1.39100"),
    ],
)
def test_has_nothing_against_a_sound_order(sound: Ticket) -> None:
    assert refusal(sound, EURUSD, T0) is None


def test_an_order_past_its_validity_is_not_sent() -> None:
    late = msgspec.structs.replace(ticket(EURUSD), valid_until=T0)
    told = play(RISING[:5], {1: sending(late)})
    assert told.of(OrderRejected)[0].reason.startswith(f"valid until {T0}")
    assert not told.of(OrderFilled)


def test_an_order_for_an_unknown_instrument_is_rejected() -> None:
    foreign = msgspec.structs.replace(ticket(EURUSD), instrument="GBP/USD.FXCM")
    (rejected,) = play(RISING[:5], {1: sending(foreign)}).of(OrderRejected)
    assert rejected.reason == "unknown instrument GBP/USD.FXCM"


def test_what_nautilus_refuses_to_make_is_a_rejection_too() -> None:
    told = play(RISING[:5], {1: sending(order(quantity="100000000000000"))})
    (rejected,) = told.of(OrderRejected)
    assert "quantity" in rejected.reason.lower()


@pytest.mark.parametrize("name", ["", "  ", "naïve"])
def test_refuses_a_name_that_would_abort_nautilus(name: str) -> None:
    named = msgspec.structs.replace(ticket(EURUSD), client_order_id=name)
    assert refusal(named, EURUSD, T0) == f"client_order_id {name!r} is not printable ASCII"


def test_a_trailing_stop_before_any_price_has_no_market_to_trail() -> None:
    trailing = order(type=OrderType.TRAILING_STOP, trail="0.00100")
    told = play(RISING[:5], {}, before=[trailing])
    assert told.of(OrderRejected)[0].reason == "no market to trail yet"
