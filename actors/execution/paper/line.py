"""The line to an exchange on paper: its ingress takes orders, and its journal says what became of
them.
"""

from collections.abc import Sequence
from typing import Final

from actors.execution.exchange import Report
from actors.kit.inputs import Input, recorded
from actors.kit.sequencer import RecordingClock
from events.codecs.json import decode_step
from events.ingress import Ingress
from events.journal import Journal
from schemas.envelope import Event, Step, carries
from schemas.identity import entry_of
from schemas.order import OrderApproved, OrderCancelRequested, OrderSent, VenueAnswer
from schemas.quantities import Nanoseconds
from schemas.registry import Payload


class PaperLine:
    """One gateway's. It implements ``actors.execution.exchange.Exchange``.

    Args:
        holder: names the incarnation of the gateway whose line it is.
    """

    def __init__(
        self, journal: Journal, ingress: Ingress, holder: str, clock: RecordingClock
    ) -> None:
        self._ingress: Final = ingress
        self._holder: Final = holder
        self._clock: Final = clock
        self._tail: Final = journal.tail()
        self._instruments: Final[dict[str, str]] = {}
        self._said: Final[dict[str, list[Report]]] = {}
        self._number = 0
        self._news: set[str] = set()
        self._read(asking=True)
        self._news.clear()  # Whoever begins asks about all that works.

    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        sent = OrderSent(ticket=approved.payload.ticket, send_by=send_by, arrived=0)
        self._post(sent, approved.id, approved.correlation)

    def cancel(self, client_order_id: str) -> None:
        instrument = self._instruments.get(entry_of(client_order_id))
        if instrument is not None:
            cancel = OrderCancelRequested(
                client_order_id=client_order_id, instrument=instrument, reason="by its gateway"
            )
            self._post(cancel, client_order_id, client_order_id)

    def ask(self, client_order_id: str) -> Sequence[Report] | None:
        self._read(asking=True)
        return self._said.get(entry_of(client_order_id))

    def heard(self) -> Sequence[str]:
        self._read(asking=False)
        news, self._news = self._news, set()
        return sorted(news)

    def close(self) -> None:
        self._tail.close()
        self._ingress.close()

    def _read(self, *, asking: bool) -> None:
        for record in self._tail.unread(asking=asking):
            self._learn(decode_step(record.body))

    def _learn(self, step: Step) -> None:
        for output in step.outputs:
            if carries(output, OrderApproved):
                ticket = output.payload.ticket
                self._instruments[ticket.client_order_id] = ticket.instrument
                self._said[ticket.client_order_id] = []
        event = step.input
        if isinstance(event.payload, VenueAnswer):
            name = entry_of(event.payload.client_order_id)
            self._said.setdefault(name, []).append(
                Report(id=event.id, author=event.author, ts=event.ts, answer=event.payload)
            )
            self._news.add(name)

    def _post(self, payload: Payload, cause: str, correlation: str) -> None:
        now = self._clock()
        given = Input(
            id=f"{self._holder}/{self._number}",
            author=self._holder,
            cause=cause,
            correlation=correlation,
            ts=now,
            payload=payload,
        )
        self._ingress.post(self._holder, self._number, recorded(given, now, now))
        self._number += 1
