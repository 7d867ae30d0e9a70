"""The lives of orders, a row a turn; fills have a table of their own."""

from typing import Final

from projections.tables.column import optional_exact, term, text
from projections.tables.event_table import Values, event_table
from schemas.order import (
    OrderAccepted,
    OrderApproved,
    OrderCancelled,
    OrderCancelRequested,
    OrderExpired,
    OrderRejected,
    OrderRequested,
    OrderSent,
    OrderSubmitted,
    OrderSubmitting,
    OrderTriggered,
    OrderUnknown,
    OrderUpdated,
    OrderVetoed,
    Ticket,
    VenueAnswer,
)

type _Asked = OrderRequested | OrderApproved | OrderVetoed | OrderSent
type _Turn = _Asked | OrderCancelRequested | OrderSubmitting | VenueAnswer


def _values(turn: _Turn) -> Values:
    match turn:
        case OrderVetoed(ticket=ticket, failed=failed):
            return (*_ticket(ticket), "", failed.rule, failed.limit, failed.value, "")
        case (
            OrderRequested(ticket=ticket) | OrderApproved(ticket=ticket) | OrderSent(ticket=ticket)
        ):
            return (*_ticket(ticket), "", "", "", "", "")
        case OrderCancelRequested(reason=reason):
            return (*_bare(turn.client_order_id, "", turn.instrument), "", "", "", "", reason)
        case OrderSubmitting():
            return (*_bare(turn.client_order_id, "", turn.instrument), "", "", "", "", "")
        case VenueAnswer():
            return (*_answer(turn), turn.venue_order_id, "", "", "", _reason(turn))


def _ticket(ticket: Ticket) -> Values:
    terms = ticket.terms
    return (
        ticket.client_order_id,
        ticket.strategy,
        ticket.instrument,
        ticket.side.value,
        terms.type.value,
        ticket.quantity,
        terms.price,
        terms.trigger,
        terms.trail,
        terms.stop_loss,
        terms.take_profit,
        terms.stop_loss_trail,
        terms.time_in_force.value,
    )


def _bare(client_order_id: str, strategy: str, instrument: str) -> Values:
    nothing = (None,) * 7
    return (client_order_id, strategy, instrument, "", "", *nothing, "")


def _answer(answer: VenueAnswer) -> Values:
    names = (answer.client_order_id, answer.strategy, answer.instrument)
    match answer:
        case OrderAccepted(side=side, type=kind):
            how = (side.value, kind.value)
        case OrderUpdated():
            how = ("", "")
        case _:
            return _bare(*names)
    prices = (answer.quantity, answer.price, answer.trigger)
    return (*names, *how, *prices, None, None, None, None, "")


def _reason(answer: VenueAnswer) -> str:
    match answer:
        case OrderRejected() | OrderCancelled() | OrderUnknown():
            return answer.reason
        case _:
            return ""


ORDERS: Final = event_table(
    "orders",
    (
        OrderRequested,
        OrderApproved,
        OrderVetoed,
        OrderCancelRequested,
        OrderSubmitting,
        OrderSent,
        OrderSubmitted,
        OrderAccepted,
        OrderUpdated,
        OrderRejected,
        OrderTriggered,
        OrderCancelled,
        OrderExpired,
        OrderUnknown,
    ),
    (
        text("client_order_id"),
        term("strategy"),
        term("instrument"),
        term("side"),
        term("type"),
        optional_exact("quantity"),
        optional_exact("price"),
        optional_exact("trigger"),
        optional_exact("trail"),
        optional_exact("stop_loss"),
        optional_exact("take_profit"),
        optional_exact("stop_loss_trail"),
        term("time_in_force"),
        text("venue_order_id"),
        term("rule"),
        text("limit"),
        text("value"),
        text("reason"),
    ),
    _values,
)
"""``kind`` says which turn it is; ``rule``, ``limit`` and ``value`` are a veto's."""
