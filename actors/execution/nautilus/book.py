"""The orders that were taken, each with what its answers need: cause, correlation, names."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from actors.kit.inputs import Input
from schemas.envelope import Event
from schemas.identity import leg_id
from schemas.order import OrderApproved, OrderFilled, OrderType, Side, VenueAnswer
from schemas.quantities import Nanoseconds

STOP_LOSS = "SL"
TAKE_PROFIT = "TP"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingOrder:
    """One order at the venue: an entry or the leg of a bracket.

    Attributes:
        cause, correlation: of everything that the venue says about it.
        price, trigger: as they were asked for; the venue may move a trigger later.
    """

    client_order_id: str
    strategy: str
    instrument: str
    side: Side
    type: OrderType
    quantity: Decimal
    price: Decimal | None
    trigger: Decimal | None
    cause: str
    correlation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFill:
    """What is known of an order that nobody of ours sent, from its first fill."""

    instrument: str
    side: Side
    quantity: Decimal


class OrderBook:
    """Everything that was ever taken, by client order id."""

    def __init__(self) -> None:
        self._orders: dict[str, WorkingOrder] = {}
        self._last_trader: dict[str, str] = {}
        self._adopted = 0
        self._answers: Counter[tuple[str, str]] = Counter()

    def __contains__(self, client_order_id: str) -> bool:
        return client_order_id in self._orders

    def __getitem__(self, client_order_id: str) -> WorkingOrder:
        return self._orders[client_order_id]

    def take(self, approved: Event[OrderApproved]) -> WorkingOrder:
        """Note an order and its legs; the entry comes back."""
        entry, *legs = _orders_of(approved)
        self._orders |= {order.client_order_id: order for order in (entry, *legs)}
        return entry

    def adopt(
        self, name: str, fill: ForeignFill, cause: str, owner: str | None = None
    ) -> WorkingOrder:
        """Note an order that the venue made by itself, such as a liquidation or an expiry.

        Nautilus gives it a random name, so it gets one by its kind and count. The fill is the
        position's end, and counts for the position's owner, or where the venue does not tell, for
        the strategy that traded the instrument last.
        """
        self._adopted += 1
        order = WorkingOrder(
            client_order_id=f"{name.partition('-')[0]}-{self._adopted}",
            strategy=owner or self._last_trader.get(fill.instrument, ""),
            instrument=fill.instrument,
            side=fill.side,
            type=OrderType.MARKET,
            quantity=fill.quantity,
            price=None,
            trigger=None,
            cause=cause,
            correlation=cause,
        )
        self._orders[name] = order
        return order

    def answer(self, order: WorkingOrder, payload: VenueAnswer, ts: Nanoseconds) -> Input:
        """The venue's word as an input. A fill is named by its trade, others are counted."""
        venue = order.instrument.rpartition(".")[2]
        if isinstance(payload, OrderFilled):
            self._last_trader[order.instrument] = order.strategy
            name = f"{venue}/{payload.trade_id}"
        else:
            key = (order.client_order_id, payload.KIND)
            name = f"{order.client_order_id}/{payload.KIND}/{self._answers[key]}"
            self._answers[key] += 1
        return Input(
            id=name,
            author=f"venue.{venue}",
            cause=order.cause,
            correlation=order.correlation,
            ts=ts,
            payload=payload,
        )


def _orders_of(approved: Event[OrderApproved]) -> list[WorkingOrder]:
    ticket = approved.payload.ticket
    terms = ticket.terms

    def order(name: str, side: Side, kind: OrderType, *prices: Decimal | None) -> WorkingOrder:
        price, trigger = prices
        return WorkingOrder(
            client_order_id=name,
            strategy=ticket.strategy,
            instrument=ticket.instrument,
            side=side,
            type=kind,
            quantity=ticket.quantity,
            price=price,
            trigger=trigger,
            cause=approved.id,
            correlation=approved.correlation,
        )

    entry = order(ticket.client_order_id, ticket.side, terms.type, terms.price, terms.trigger)
    if not terms.is_bracket:
        return [entry]
    stop = OrderType.STOP if terms.stop_loss_trail is None else OrderType.TRAILING_STOP
    exit_side = ticket.side.opposite
    stop_loss, take_profit = (
        leg_id(ticket.client_order_id, leg) for leg in (STOP_LOSS, TAKE_PROFIT)
    )
    return [
        entry,
        order(stop_loss, exit_side, stop, None, terms.stop_loss),
        order(take_profit, exit_side, OrderType.LIMIT, terms.take_profit, None),
    ]
