"""What Nautilus says about orders, in our words."""

from decimal import Decimal
from typing import Final, Literal, TypedDict

from nautilus_trader import model

from actors.execution.nautilus.book import ForeignFill, WorkingOrder
from actors.execution.nautilus.translate.numbers import from_money
from schemas.order import (
    OrderAccepted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderSubmitted,
    OrderTriggered,
    OrderUpdated,
    Side,
    VenueAnswer,
)
from schemas.quantities import Money

type OrderEvent = (
    model.OrderInitialized
    | model.OrderDenied
    | model.OrderSubmitted
    | model.OrderAccepted
    | model.OrderRejected
    | model.OrderTriggered
    | model.OrderUpdated
    | model.OrderPendingCancel
    | model.OrderPendingUpdate
    | model.OrderCancelRejected
    | model.OrderModifyRejected
    | model.OrderCanceled
    | model.OrderExpired
    | model.OrderFilled
)

_LIQUIDITY: Final[dict[model.LiquiditySide, Literal["maker", "taker", "none"]]] = {
    model.LiquiditySide.MAKER: "maker",
    model.LiquiditySide.TAKER: "taker",
    model.LiquiditySide.NO_LIQUIDITY_SIDE: "none",
}


class _Names(TypedDict):
    client_order_id: str
    instrument: str
    strategy: str


def to_answer(event: OrderEvent, order: WorkingOrder) -> VenueAnswer | None:
    """The venue's word about an order; ``None`` for what is only between Nautilus and its venue."""
    names: _Names = {
        "client_order_id": order.client_order_id,
        "instrument": order.instrument,
        "strategy": order.strategy,
    }
    match event:
        case model.OrderFilled():
            return _filled(event, names)
        case model.OrderUpdated():
            return _updated(event, names)
        case model.OrderAccepted():
            return _accepted(event, order, names)
        case model.OrderSubmitted():
            return OrderSubmitted(**names)
        case model.OrderDenied() | model.OrderRejected():
            return OrderRejected(**names, reason=event.reason)
        case model.OrderCanceled():
            venue_order_id = _text(event.venue_order_id)
            return OrderCancelled(**names, venue_order_id=venue_order_id, reason=event.reason or "")
        case model.OrderTriggered():
            return OrderTriggered(**names, venue_order_id=_text(event.venue_order_id))
        case model.OrderExpired():
            return OrderExpired(**names, venue_order_id=_text(event.venue_order_id))
        case _:
            return None


def _accepted(event: model.OrderAccepted, order: WorkingOrder, names: _Names) -> OrderAccepted:
    return OrderAccepted(
        **names,
        venue_order_id=str(event.venue_order_id),
        side=order.side,
        type=order.type,
        quantity=order.quantity,
        price=order.price,
        trigger=order.trigger,
    )


def _updated(event: model.OrderUpdated, names: _Names) -> OrderUpdated:
    return OrderUpdated(
        **names,
        venue_order_id=_text(event.venue_order_id),
        quantity=event.quantity.as_decimal(),
        price=_decimal(event.price),
        trigger=_decimal(event.trigger_price),
    )


def _filled(event: model.OrderFilled, names: _Names) -> OrderFilled:
    if event.commission is None:
        commission = Money(Decimal(0), event.currency.code)
    else:
        commission = from_money(event.commission)
    return OrderFilled(
        **names,
        venue_order_id=str(event.venue_order_id),
        trade_id=str(event.trade_id),
        side=Side.BUY if event.is_buy else Side.SELL,
        quantity=event.last_qty.as_decimal(),
        price=event.last_px.as_decimal(),
        commission=commission,
        liquidity=_LIQUIDITY[event.liquidity_side],
        position_id=_text(event.position_id),
    )


def to_foreign_fill(event: model.OrderFilled) -> ForeignFill:
    """What a fill tells about an order that we did not send."""
    return ForeignFill(
        instrument=str(event.instrument_id),
        side=Side.BUY if event.is_buy else Side.SELL,
        quantity=event.last_qty.as_decimal(),
    )


def _text(identifier: model.VenueOrderId | model.PositionId | None) -> str:
    return "" if identifier is None else str(identifier)


def _decimal(price: model.Price | None) -> Decimal | None:
    return None if price is None else price.as_decimal()
