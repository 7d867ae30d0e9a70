"""What the simulated exchange says, as the events that a cell understands."""

from decimal import Decimal
from typing import Final

from runtime.hosts.simulated.exchange import Report
from schemas.envelope import AnyEvent, Event
from schemas.order import (
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRejected,
    VenueAnswer,
)
from schemas.quantities import Money

AUTHOR: Final = "gateway.exchange"


def as_event(report: Report) -> AnyEvent:
    """The event a report stands for; its id is the same however often it is made."""
    return Event(
        id=report.trade_id or f"{report.client_order_id}/{report.word}",
        author=AUTHOR,
        cause=report.memo.cause,
        correlation=report.memo.correlation,
        ts=report.ts,
        ts_recorded=report.ts,
        payload=_payload(report),
    )


def _payload(report: Report) -> VenueAnswer:
    ticket = report.ticket
    name, instrument, strategy = ticket.client_order_id, ticket.instrument, ticket.strategy
    match report.word:
        case "accepted":
            return OrderAccepted(
                client_order_id=name,
                instrument=instrument,
                strategy=strategy,
                side=ticket.side,
                type=ticket.terms.type,
                quantity=ticket.quantity,
            )
        case "rejected":
            return OrderRejected(
                client_order_id=name, instrument=instrument, strategy=strategy, reason="by chance"
            )
        case "cancelled":
            return OrderCancelled(client_order_id=name, instrument=instrument, strategy=strategy)
        case "filled":
            return OrderFilled(
                client_order_id=name,
                instrument=instrument,
                strategy=strategy,
                trade_id=report.trade_id,
                side=ticket.side,
                quantity=report.quantity,
                price=report.price,
                commission=Money(report.quantity * Decimal("0.01"), "USD"),
                liquidity="taker",
            )
