"""What one strategy holds and has working, as a fold of what was said about its orders."""

from decimal import Decimal
from typing import Final

import msgspec

from schemas.order import (
    OrderAccepted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderRequested,
    OrderType,
    OrderUpdated,
    OrderVetoed,
    Side,
    Ticket,
    VenueAnswer,
)
from schemas.pattern import Direction
from schemas.position import PositionChanged
from schemas.quantities import Price, Quantity
from schemas.registry import Payload

CONSUMES: Final[tuple[type[Payload], ...]] = (
    OrderRequested,
    OrderVetoed,
    OrderAccepted,
    OrderUpdated,
    OrderRejected,
    OrderFilled,
    OrderCancelled,
    OrderExpired,
    PositionChanged,
)
"""The kinds that holdings are folded from."""


class Position(msgspec.Struct, frozen=True):
    """A net position: signed units, and the average price at which what is held was opened."""

    quantity: Quantity = Decimal(0)
    average_price: Price | None = None

    @property
    def direction(self) -> Direction:
        """``long``, ``short`` or ``flat``."""
        if self.quantity == 0:
            return "flat"
        return "long" if self.quantity > 0 else "short"


class WorkingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that may still trade."""

    client_order_id: str
    instrument: str
    side: Side
    type: OrderType
    quantity: Quantity
    filled: Quantity = Decimal(0)
    price: Price | None = None
    trigger: Price | None = None

    @property
    def left(self) -> Quantity:
        """What has not traded yet."""
        return self.quantity - self.filled


FLAT: Final = Position()


class Holdings:
    """Positions and working orders of one strategy.

    An order counts as working from its request, before risk has seen it, until the last word about
    it. Legs of a bracket join when the venue works them.
    """

    def __init__(self, owner: str) -> None:
        self._owner: Final = owner
        self._positions: Final[dict[str, Position]] = {}
        self._working: Final[dict[str, WorkingOrder]] = {}

    def position(self, instrument: str) -> Position:
        """The net position in an instrument."""
        return self._positions.get(instrument, FLAT)

    def working(self, instrument: str) -> tuple[WorkingOrder, ...]:
        """Orders that may still trade in an instrument, oldest first."""
        return tuple(order for order in self._working.values() if order.instrument == instrument)

    def learn(self, payload: Payload) -> bool:
        """Take in a fact of the kinds in ``CONSUMES``; ``False`` when it is another strategy's."""
        match payload:
            case OrderRequested(ticket=ticket) | OrderVetoed(ticket=ticket):
                owner = ticket.strategy
            case PositionChanged(strategy=owner) | VenueAnswer(strategy=owner):
                pass
            case _:
                return False
        if owner != self._owner:
            return False
        self._fold(payload)
        return True

    def _fold(self, payload: Payload) -> None:
        match payload:
            case PositionChanged():
                held = Position(payload.quantity, payload.average_price)
                self._positions[payload.instrument] = held
            case OrderRequested(ticket=ticket):
                self._working[ticket.client_order_id] = _requested(ticket)
            case OrderAccepted(client_order_id=name) if name not in self._working:
                self._working[name] = _leg(payload)
            case OrderAccepted(client_order_id=name) | OrderUpdated(client_order_id=name):
                if (order := self._working.get(name)) is not None:
                    self._working[name] = _amended(order, payload)
            case OrderFilled(client_order_id=name):
                self._fill(name, payload.quantity)
            case OrderVetoed(ticket=ticket):
                self._working.pop(ticket.client_order_id, None)
            case (
                OrderRejected(client_order_id=name)
                | OrderCancelled(client_order_id=name)
                | OrderExpired(client_order_id=name)
            ):
                self._working.pop(name, None)
            case _:
                pass

    def _fill(self, name: str, quantity: Quantity) -> None:
        order = self._working.get(name)
        if order is None:
            return
        after = msgspec.structs.replace(order, filled=order.filled + quantity)
        if after.left > 0:
            self._working[name] = after
        else:
            del self._working[name]


def _requested(ticket: Ticket) -> WorkingOrder:
    return WorkingOrder(
        client_order_id=ticket.client_order_id,
        instrument=ticket.instrument,
        side=ticket.side,
        type=ticket.terms.type,
        quantity=ticket.quantity,
        price=ticket.terms.price,
        trigger=ticket.terms.trigger,
    )


def _leg(payload: OrderAccepted) -> WorkingOrder:
    return WorkingOrder(
        client_order_id=payload.client_order_id,
        instrument=payload.instrument,
        side=payload.side,
        type=payload.type,
        quantity=payload.quantity,
        price=payload.price,
        trigger=payload.trigger,
    )


def _amended(order: WorkingOrder, payload: OrderAccepted | OrderUpdated) -> WorkingOrder:
    return msgspec.structs.replace(
        order,
        quantity=payload.quantity,
        price=order.price if payload.price is None else payload.price,
        trigger=order.trigger if payload.trigger is None else payload.trigger,
    )
