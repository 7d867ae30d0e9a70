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
    """Market orders that bring every strategy's position to flat, each with its approval.

    What market orders in flight will have done is counted, so that asking again doubles nothing.

    Args:
        blotter: what is held and working.
        cause: id of the event that is answered, which the orders' ids derive from.
        said: how many answers to it come before these.
    """
    answers: list[Payload] = []
    for strategy, instrument in blotter.net:
        left = standing(blotter, strategy, instrument).settled
        if left == 0:
            continue
        ticket = Ticket(
            client_order_id=event_id(AUTHOR, cause, said + len(answers)),
            strategy=strategy,
            instrument=instrument,
            side=Side.SELL if left > 0 else Side.BUY,
            quantity=abs(left),
            terms=Terms(reduce_only=_is_alone(blotter, strategy, instrument)),
        )
        check = Check("flatten", "0", f"{left:f}")
        answers += [OrderRequested(ticket=ticket), OrderApproved(ticket=ticket, checks=(check,))]
    return answers


def _is_alone(blotter: Blotter, strategy: str, instrument: str) -> bool:
    """Whether no other strategy has a position that nets with this one at the venue."""
    return all(
        held == 0 or owner == strategy
        for (owner, name), held in blotter.net.items()
        if name == instrument
    )
