"""What every strategy holds and has working, as a fold of orders and fills.

Sizing and risk both keep one. An order works from the moment its keeper adds it until the venue's
last word; one whose fate is unknown goes on working. The legs of a bracket are added with their
entry: they protect, so they can only reduce.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio.trades import Booked, is_booked, with_trade
from schemas.identity import leg_id
from schemas.order import (
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderType,
    OrderUpdated,
    Side,
    Ticket,
)
from schemas.quantities import Quantity
from schemas.registry import Payload

CONSUMES: Final[tuple[type[Payload], ...]] = (
    OrderFilled,
    OrderUpdated,
    OrderRejected,
    OrderCancelled,
    OrderExpired,
)
"""The venue's words that a blotter is folded from."""

NOTHING: Final = Decimal(0)


class WorkingOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order that may still trade.

    Attributes:
        filled: units traded so far.
        parent: client order id of the entry that a leg protects; ``None`` for an entry.
        reduces: the venue lets it reduce a position only.
        replaces: once approved, what else the strategy has resting against it is withdrawn.
    """

    client_order_id: str
    strategy: str
    instrument: str
    side: Side
    type: OrderType
    quantity: Quantity
    filled: Quantity = NOTHING
    parent: str | None = None
    reduces: bool = False
    replaces: bool = False

    @property
    def signed(self) -> Quantity:
        """Units that may still trade, with the side's sign."""
        return self.side.sign * self.remaining

    @property
    def remaining(self) -> Quantity:
        """Units that may still trade."""
        return self.quantity - self.filled

    @property
    def rests(self) -> bool:
        """Whether it waits for a price, so that it makes sense to withdraw it."""
        return self.type is not OrderType.MARKET


type Working = Mapping[str, WorkingOrder]
type Net = Mapping[tuple[str, str], Decimal]


class Blotter(msgspec.Struct, frozen=True, gc=False):
    """Working orders by client order id, oldest first, and net units by (strategy, instrument)."""

    working: Working = {}
    net: Net = {}
    booked: Booked = {}

    def held(self, strategy: str, instrument: str) -> Quantity:
        """Signed units that a strategy holds."""
        return self.net.get((strategy, instrument), NOTHING)

    def held_by_all(self, instrument: str) -> Quantity:
        """Signed units that the account holds."""
        return sum((q for (_, name), q in self.net.items() if name == instrument), NOTHING)

    def orders(self, strategy: str, instrument: str) -> Iterator[WorkingOrder]:
        """A strategy's working orders in an instrument, oldest first."""
        for order in self.working.values():
            if order.strategy == strategy and order.instrument == instrument:
                yield order


def with_ticket(blotter: Blotter, ticket: Ticket, *, replaces: bool = False) -> Blotter:
    """The blotter with an order, and the legs of a bracket, working."""
    entry = WorkingOrder(
        client_order_id=ticket.client_order_id,
        strategy=ticket.strategy,
        instrument=ticket.instrument,
        side=ticket.side,
        type=ticket.terms.type,
        quantity=ticket.quantity,
        reduces=ticket.terms.reduce_only,
        replaces=replaces,
    )
    added = {order.client_order_id: order for order in (entry, *_legs(ticket))}
    return replace(blotter, working={**blotter.working, **added})


def without_order(blotter: Blotter, client_order_id: str) -> Blotter:
    """The blotter after an order's end; the legs of an entry that never traded end with it."""
    ended = blotter.working.get(client_order_id)
    if ended is None:
        return blotter
    never_traded = ended.parent is None and ended.filled == 0
    kept = {
        name: order
        for name, order in blotter.working.items()
        if name != client_order_id and not (never_traded and order.parent == client_order_id)
    }
    return replace(blotter, working=kept)


def answered(blotter: Blotter, payload: Payload) -> Blotter:
    """The blotter after a word of the venue; other payloads change nothing."""
    match payload:
        case OrderFilled():
            return _filled(blotter, payload)
        case OrderUpdated(client_order_id=name, quantity=quantity) if name in blotter.working:
            order = replace(blotter.working[name], quantity=quantity)
            return replace(blotter, working={**blotter.working, name: order})
        case (
            OrderRejected(client_order_id=name)
            | OrderCancelled(client_order_id=name)
            | OrderExpired(client_order_id=name)
        ):
            return without_order(blotter, name)
        case _:
            return blotter


def _filled(blotter: Blotter, fill: OrderFilled) -> Blotter:
    if is_booked(blotter.booked, fill):
        return blotter
    key = (fill.strategy, fill.instrument)
    signed = fill.quantity * fill.side.sign
    after = replace(
        blotter,
        net={**blotter.net, key: blotter.net.get(key, NOTHING) + signed},
        booked=with_trade(blotter.booked, fill),
    )
    order = after.working.get(fill.client_order_id)
    if order is None:
        return after
    traded = replace(order, filled=order.filled + fill.quantity)
    if traded.remaining <= 0:
        return without_order(
            replace(after, working={**after.working, fill.client_order_id: traded}),
            fill.client_order_id,
        )
    return replace(after, working={**after.working, fill.client_order_id: traded})


def _legs(ticket: Ticket) -> Iterator[WorkingOrder]:
    terms = ticket.terms
    stop_type = OrderType.STOP if terms.stop_loss_trail is None else OrderType.TRAILING_STOP
    present = (
        ("SL", stop_type, terms.stop_loss is not None or terms.stop_loss_trail is not None),
        ("TP", OrderType.LIMIT, terms.take_profit is not None),
    )
    for leg, kind, is_present in present:
        if is_present:
            yield WorkingOrder(
                client_order_id=leg_id(ticket.client_order_id, leg),
                strategy=ticket.strategy,
                instrument=ticket.instrument,
                side=ticket.side.opposite,
                type=kind,
                quantity=ticket.quantity,
                parent=ticket.client_order_id,
                reduces=True,
            )
