"""What a strategy holds and has working, from what was said about its orders."""

from decimal import Decimal

import pytest

from actors.strategies.holdings import FLAT, Holdings, Position, WorkingOrder
from schemas.identity import leg_id
from schemas.order import (
    Check,
    OrderAccepted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderRequested,
    OrderType,
    OrderUnknown,
    OrderUpdated,
    OrderVetoed,
    Side,
    Terms,
    Ticket,
)
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import Payload

EURUSD, OWNER = "EUR/USD.FXCM", "strategy.mine"
PRICE = Decimal("1.391")
TICKET = Ticket(
    client_order_id="O1",
    strategy=OWNER,
    instrument=EURUSD,
    side=Side.BUY,
    quantity=Decimal(5000),
    terms=Terms(type=OrderType.LIMIT, price=PRICE),
)
WORKING = WorkingOrder(
    client_order_id="O1",
    instrument=EURUSD,
    side=Side.BUY,
    type=OrderType.LIMIT,
    quantity=Decimal(5000),
    price=PRICE,
)
UPDATED = OrderUpdated(
    client_order_id="O1",
    instrument=EURUSD,
    strategy=OWNER,
    quantity=Decimal(3000),
    price=Decimal("1.392"),
)


def holdings(*payloads: Payload) -> Holdings:
    folded = Holdings(OWNER)
    for payload in payloads:
        folded.learn(payload)
    return folded


def filled(quantity: int, *, strategy: str = OWNER) -> OrderFilled:
    return OrderFilled(
        client_order_id="O1",
        instrument=EURUSD,
        strategy=strategy,
        trade_id="T1",
        side=Side.BUY,
        quantity=Decimal(quantity),
        price=PRICE,
        commission=Money(Decimal(0), "USD"),
        liquidity="taker",
    )


def position(quantity: int, *, strategy: str = OWNER) -> PositionChanged:
    nothing = Money(Decimal(0), "USD")
    return PositionChanged(
        instrument=EURUSD,
        strategy=strategy,
        quantity=Decimal(quantity),
        average_price=PRICE if quantity else None,
        realised=nothing,
        realised_total=nothing,
        commission_total=nothing,
        trade_id="T1",
    )


def test_holds_nothing_at_first() -> None:
    assert holdings().position(EURUSD) == FLAT
    assert holdings().working(EURUSD) == ()


@pytest.mark.parametrize(("quantity", "direction"), [(5, "long"), (-5, "short"), (0, "flat")])
def test_the_position_is_what_portfolio_last_said(quantity: int, direction: str) -> None:
    held = holdings(position(1), position(quantity)).position(EURUSD)
    assert held == Position(Decimal(quantity), PRICE if quantity else None)
    assert held.direction == direction


def test_an_order_works_from_its_request() -> None:
    assert holdings(OrderRequested(ticket=TICKET)).working(EURUSD) == (WORKING,)
    assert holdings(OrderRequested(ticket=TICKET)).working("GBP/USD.FXCM") == ()


@pytest.mark.parametrize(
    "last_word",
    [
        OrderVetoed(ticket=TICKET, failed=Check("drawdown", "0.1", "0.2")),
        OrderRejected(client_order_id="O1", instrument=EURUSD, strategy=OWNER, reason="no margin"),
        OrderCancelled(client_order_id="O1", instrument=EURUSD, strategy=OWNER),
        OrderExpired(client_order_id="O1", instrument=EURUSD, strategy=OWNER),
        filled(5000),
    ],
    ids=lambda payload: payload.KIND,
)
def test_an_order_stops_working_with_the_last_word_about_it(last_word: Payload) -> None:
    folded = holdings(OrderRequested(ticket=TICKET), last_word)
    assert folded.working(EURUSD) == ()
    folded.learn(last_word)
    assert folded.working(EURUSD) == ()


def test_an_order_of_unknown_fate_counts_as_working() -> None:
    unknown = OrderUnknown(
        client_order_id="O1", instrument=EURUSD, strategy=OWNER, reason="timed out"
    )
    assert holdings(OrderRequested(ticket=TICKET), unknown).working(EURUSD) == (WORKING,)


def test_what_is_left_of_an_order_goes_down_with_its_fills_even_when_it_is_changed() -> None:
    folded = holdings(OrderRequested(ticket=TICKET), filled(1000))
    assert [order.left for order in folded.working(EURUSD)] == [4000]
    folded.learn(UPDATED)
    (order,) = folded.working(EURUSD)
    assert (order.left, order.price) == (Decimal(2000), UPDATED.price)
    folded.learn(filled(2000))
    assert folded.working(EURUSD) == ()


def test_the_legs_of_a_bracket_work_once_the_venue_has_them() -> None:
    leg = OrderAccepted(
        client_order_id=leg_id("O1", "SL"),
        instrument=EURUSD,
        strategy=OWNER,
        side=Side.SELL,
        type=OrderType.STOP,
        quantity=Decimal(5000),
        trigger=Decimal("1.385"),
    )
    folded = holdings(OrderRequested(ticket=TICKET), filled(5000), leg)
    (order,) = folded.working(EURUSD)
    assert (order.client_order_id, order.type, order.trigger) == (
        "O1-SL",
        OrderType.STOP,
        Decimal("1.385"),
    )


def test_an_accepted_order_keeps_the_price_that_the_venue_does_not_repeat() -> None:
    accepted = OrderAccepted(
        client_order_id="O1",
        instrument=EURUSD,
        strategy=OWNER,
        side=Side.BUY,
        type=OrderType.LIMIT,
        quantity=Decimal(5000),
    )
    assert holdings(OrderRequested(ticket=TICKET), accepted).working(EURUSD) == (WORKING,)


def test_another_strategys_orders_are_none_of_its_own() -> None:
    folded = Holdings("strategy.other")
    for payload in (OrderRequested(ticket=TICKET), filled(5000), position(5)):
        assert not folded.learn(payload)
    assert folded.working(EURUSD) == ()
    assert folded.position(EURUSD) == FLAT
