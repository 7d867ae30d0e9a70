"""The port of an exchange that is outside: it takes orders, and can be asked what they became."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from schemas.envelope import Event
from schemas.order import OrderApproved, VenueAnswer
from schemas.quantities import Nanoseconds


class NoReply(Exception):
    """No reply came in time. Whether the message arrived is not known."""


class Report(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that an exchange said about an order, or about the leg of a bracket.

    Attributes:
        id: the same whenever it says so again; a fill's is the trade's.
        author: ``venue.`` and the exchange's name.
        ts: when it happened there, UTC.
        answer: what it said; whose strategy it was is for the gateway to add.
    """

    id: str
    author: str
    ts: Nanoseconds
    answer: VenueAnswer


class Exchange(Protocol):
    """Takes each order once, by its client order id, and remembers it."""

    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        """Hand over an order; what becomes of it is reported.

        An order that reaches the exchange after ``send_by`` must be refused there, because another
        gateway may have sent it since (Binance calls it ``recvWindow``, Deribit ``valid_until``).

        Raises:
            NoReply: it may be there.
        """
        ...

    def cancel(self, client_order_id: str) -> None:
        """Withdraw an order or a leg; one that is closed or unknown is left alone.

        Raises:
            NoReply: it may be withdrawn.
        """
        ...

    def ask(self, client_order_id: str) -> Sequence[Report] | None:
        """All that was said about an order and its legs, in order; ``None`` when it never came.

        Raises:
            NoReply: the exchange cannot be asked now.
        """
        ...

    def heard(self) -> Sequence[str]:
        """Client order ids of which it said something, unasked, since the last call.

        They say only that it is time to ask: some may be missing, or be there twice.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; what works there goes on working."""
        ...
