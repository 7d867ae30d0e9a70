"""What must hold at every moment at which something is done in the world."""

from collections.abc import Iterator
from typing import Final

from events.codecs.json import decode_step
from events.errors import Corrupt
from events.journal import Journal, JournalRecord
from runtime.hosts.simulated.violation import Violation
from schemas.envelope import carries
from schemas.order import OrderApproved, OrderSubmitting


class DurableWatch:
    """Asked at the moment of acting: whether its reason is durable, and all that ever was."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal
        self._approved: Final[set[str]] = set()
        self._announced: Final[set[str]] = set()
        self._bodies: Final[list[bytes]] = []

    def on_arrival(self, client_order_id: str) -> None:
        """An order arrived at the exchange.

        Raises:
            Violation: its approval, or the right to send it, is not durable.
        """
        self.look()
        if client_order_id not in self._approved & self._announced:
            raise Violation("acts only on what is durable", f"{client_order_id} is in no such step")

    def look(self) -> None:
        """Note what is durable by now.

        Raises:
            Violation: something that was durable is not there any more.
        """
        end = self._journal.end()
        if end < len(self._bodies):
            raise Violation("durable stays durable", f"{len(self._bodies)} steps were, {end} are")
        for record in self._new():
            self._bodies.append(record.body)
            for event in decode_step(record.body).events:
                if carries(event, OrderApproved):
                    self._approved.add(event.payload.ticket.client_order_id)
                elif carries(event, OrderSubmitting):
                    self._announced.add(event.payload.client_order_id)

    def _new(self) -> Iterator[JournalRecord]:
        try:
            yield from self._journal.records(len(self._bodies))
        except Corrupt as error:
            raise Violation("an unbroken chain", str(error)) from error
