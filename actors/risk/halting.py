"""What halting withdraws, and how it closes what is held."""

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
    """Reduce-only market orders that bring every strategy to flat, each with its approval.

    Strategies hold positions apart, at the venue too, so what two of them hold against each other
    is closed on both sides. What market orders in flight will have done is counted, so that asking
    again doubles nothing.

    Args:
        blotter: what is held and working.
        cause: id of the event that is answered, which the orders' ids derive from.
        said: how many answers to it come before these.
    """
    answers: list[Payload] = []
    for strategy, instrument in blotter.net:
        signed = standing(blotter, strategy, instrument).settled
        if signed:
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
