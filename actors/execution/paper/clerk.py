"""The only decider of an exchange on paper: takes each order once, and not too late."""

from collections.abc import Sequence
from typing import Final

from schemas.envelope import AnyEvent
from schemas.order import OrderApproved, OrderCancelRequested, OrderSent
from schemas.registry import Payload


class Clerk:
    """Lets into the venue what arrives in time and is new. It implements ``Decider``.

    Attributes:
        twice: orders that came again in time, which no gateway may let happen.
        late: orders that came behind the moment that was named for them.
    """

    author: Final = "clerk"
    consumes: Final[frozenset[type[Payload]]] = frozenset({OrderSent, OrderCancelRequested})

    def __init__(self) -> None:
        self._taken: Final[set[str]] = set()
        self.twice = 0
        self.late = 0

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """An order that the venue takes, a cancel, or nothing."""
        match event.payload:
            case OrderSent() as sent:
                return self._arrived(sent)
            case OrderCancelRequested() as cancel:
                return (cancel,)
            case _:
                return ()

    def learn(self, event: AnyEvent) -> None:
        """Take it as it was answered once."""
        self.handle(event)

    def _arrived(self, sent: OrderSent) -> Sequence[Payload]:
        if sent.arrived > sent.send_by:
            self.late += 1
            return ()
        if sent.ticket.client_order_id in self._taken:
            self.twice += 1
            return ()
        self._taken.add(sent.ticket.client_order_id)
        return (OrderApproved(ticket=sent.ticket, checks=()),)
