"""What halting withdraws, and how it closes what is held."""

from collections.abc import Iterator
from decimal import Decimal

from actors.portfolio.blotter import Blotter
from actors.portfolio.targets import standing
from actors.risk.book import AUTHOR
from schemas.identity import event_id
from schemas.order import (
    Check,
    OrderApproved,
    OrderCancelRequested,
    OrderRequested,
    Side,
    Terms,
    Ticket,
)
from schemas.quantities import Quantity
from schemas.registry import Payload


def withdrawals(blotter: Blotter, reason: str, *, protective: bool) -> list[Payload]:
    """Cancels for resting orders, oldest first; for reduce-only ones too when ``protective``.

    A market order is at the venue already: there is nothing to withdraw.
    """
    return [
        OrderCancelRequested(
            client_order_id=order.client_order_id, instrument=order.instrument, reason=reason
        )
        for order in blotter.working.values()
        if order.rests and (protective or not order.reduces)
    ]


def closings(blotter: Blotter, cause: str, *, said: int) -> list[Payload]:
    """Reduce-only market orders that bring the account to flat, each with its approval.

    What strategies hold against each other is flat at the venue already and is left alone: closing
    both sides would open one of them for a moment. What market orders in flight will have done is
    counted, so that asking again doubles nothing.

    Args:
        blotter: what is held and working.
        cause: id of the event that is answered, which the orders' ids derive from.
        said: how many answers to it come before these.
    """
    answers: list[Payload] = []
    for instrument in dict.fromkeys(name for _, name in blotter.net):
        for strategy, signed in _excess(blotter, instrument):
            ticket = Ticket(
                client_order_id=event_id(AUTHOR, cause, said + len(answers)),
                strategy=strategy,
                instrument=instrument,
                side=Side.SELL if signed > 0 else Side.BUY,
                quantity=abs(signed),
                terms=Terms(reduce_only=True),
            )
            check = Check("flatten", "0", f"{signed:f}")
            answers += [
                OrderRequested(ticket=ticket),
                OrderApproved(ticket=ticket, checks=(check,)),
            ]
    return answers


def _excess(blotter: Blotter, instrument: str) -> Iterator[tuple[str, Quantity]]:
    """The account's net position, shared out over the strategies that hold its side."""
    held = {
        strategy: standing(blotter, strategy, instrument).settled
        for strategy, name in blotter.net
        if name == instrument
    }
    left = sum(held.values(), Decimal(0))
    for strategy, signed in held.items():
        if signed * left > 0:
            share = min(signed, left, key=abs)
            left -= share
            yield strategy, share
