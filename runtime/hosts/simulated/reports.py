"""What the simulated exchange says, as the port of an exchange has it."""

from decimal import Decimal
from typing import Final

from actors.execution.exchange import Report
from runtime.hosts.simulated.exchange import Report as Said
from schemas.order import (
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRejected,
    VenueAnswer,
)
from schemas.quantities import Money

AUTHOR: Final = "venue.SIM"


def as_report(said: Said) -> Report:
    """The report that it stands for; its id is the same however often it is made."""
    return Report(
        id=said.trade_id or f"{said.client_order_id}/{said.word}",
        author=AUTHOR,
        ts=said.ts,
        answer=_payload(said),
    )


def _payload(said: Said) -> VenueAnswer:
    ticket = said.ticket
    name, instrument, strategy = ticket.client_order_id, ticket.instrument, ticket.strategy
    match said.word:
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
                trade_id=said.trade_id,
                side=ticket.side,
                quantity=said.quantity,
                price=said.price,
                commission=Money(said.quantity * Decimal("0.01"), "USD"),
                liquidity="taker",
            )
