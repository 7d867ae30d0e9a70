"""What must hold at every moment at which something is done in the world."""

from typing import Final

from events.codecs.json import decode_step
from events.journal import Journal
from runtime.hosts.simulated.violation import Violation


class DurableWatch:
    """Asked at the moment of acting: whether its reason is durable, and all that ever was."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal
        self._durable: Final[set[str]] = set()
        self._bodies: Final[list[bytes]] = []

    def on_arrival(self, cause: str) -> None:
        """An order arrived at the exchange.

        Raises:
            Violation: its approval is not durable.
        """
        self.look()
        if cause not in self._durable:
            raise Violation("acts only on what is durable", f"{cause} is in no durable step")

    def look(self) -> None:
        """Note what is durable by now.

        Raises:
            Violation: something that was durable is not there any more.
        """
        end = self._journal.end()
        if end < len(self._bodies):
            raise Violation("durable stays durable", f"{len(self._bodies)} steps were, {end} are")
        for record in self._journal.records(len(self._bodies)):
            self._bodies.append(record.body)
            self._durable.update(event.id for event in decode_step(record.body).events)
