"""What became of orders: fills, stop lines that follow a trailing stop, and stage latencies."""

from decimal import Decimal

from runtime.report.orders import Orders
from schemas.order import (
    OrderAccepted,
    OrderApproved,
    OrderCancelled,
    OrderSubmitted,
    OrderType,
    OrderUpdated,
    Side,
)
from schemas.registry import Payload
from tests.support.handmade import filled, given, ticket

EURUSD = "EUR/USD.FXCM"
MS = 1_000_000


def folded(*said: tuple[int, Payload]) -> Orders:
    orders = Orders()
    for ts, payload in said:
        orders.learn(given(f"event-{ts}", "venue", ts, payload))
    return orders


def accepted(
    order: str, kind: OrderType, price: Decimal | None = None, trigger: Decimal | None = None
) -> OrderAccepted:
    return OrderAccepted(
        client_order_id=order,
        instrument=EURUSD,
        strategy="ema",
        side=Side.SELL,
        type=kind,
        quantity=Decimal(1000),
        price=price,
        trigger=trigger,
    )


def test_a_trailing_stops_line_follows_its_updates_until_it_is_cancelled() -> None:
    moved = OrderUpdated(
        client_order_id="a-SL",
        instrument=EURUSD,
        strategy="ema",
        quantity=Decimal(1000),
        trigger=Decimal("1.39"),
    )
    cancelled = OrderCancelled(client_order_id="a-SL", instrument=EURUSD, strategy="ema")
    stop = accepted("a-SL", OrderType.TRAILING_STOP, trigger=Decimal("1.38"))
    (level,) = folded((1, stop), (5, moved), (9, cancelled)).levels(EURUSD, last_ts=100)
    assert (level.role, level.end) == ("stop", 9)
    assert level.prices == ((1, Decimal("1.38")), (5, Decimal("1.39")))


def test_a_limit_that_still_works_does_so_until_the_end() -> None:
    orders = folded((1, accepted("a-TP", OrderType.LIMIT, price=Decimal("1.41"))))
    (level,) = orders.levels(EURUSD, last_ts=100)
    assert (level.role, level.end) == ("limit", 100)
    assert orders.levels("USD/JPY.FXCM", last_ts=100) == ()


def test_a_market_order_has_no_line() -> None:
    assert folded((1, accepted("a", OrderType.MARKET))).levels(EURUSD, last_ts=100) == ()


def test_a_fill_that_opened_is_told_from_one_that_closed() -> None:
    orders = folded(
        (1, filled("a", "T-1", Side.BUY, "1.40")), (2, filled("b", "T-2", Side.SELL, "1.41"))
    )
    assert [(fill.order, fill.opens) for fill in orders.fills(EURUSD, {"T-1"})] == [
        ("a", True),
        ("b", False),
    ]


def test_stages_are_timed_and_waiting_for_a_price_is_not() -> None:
    about = {"client_order_id": "a", "instrument": EURUSD, "strategy": "ema"}
    orders = folded(
        (0, OrderApproved(ticket=ticket("a", Side.BUY), checks=())),
        (1 * MS, OrderSubmitted(**about)),
        (3 * MS, accepted("a", OrderType.MARKET)),
        (7 * MS, filled("a", "T-1", Side.BUY, "1.40")),
        (0, accepted("b", OrderType.LIMIT, price=Decimal("1.30"))),
        (900 * MS, filled("b", "T-2", Side.BUY, "1.30")),
    )
    assert [(stage.stage, stage.p50_ms, stage.count) for stage in orders.latencies()] == [
        ("approved → submitted", 1.0, 1),
        ("submitted → accepted", 2.0, 1),
        ("submitted → filled, market orders", 6.0, 1),
    ]
