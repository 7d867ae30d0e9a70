"""The hand in the simulated market: sends what was approved, asks before it sends again."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from events.ingress import Ingress
from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.exchange import Exchange, Memo, Report, TimedOut
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.reports import AUTHOR, as_event
from schemas.envelope import AnyEvent, Event, carries
from schemas.identity import event_id
from schemas.order import OrderApproved, OrderCancelRequested, OrderSubmitting
from schemas.registry import Payload

HANDLES: Final[frozenset[type[Payload]]] = frozenset({OrderApproved, OrderCancelRequested})


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayParts:
    """What a gateway works with.

    Attributes:
        wake: calls ``work`` soon, if the gateway then lives.
        restarted: whether there was a gateway before, of whose doings nothing is known.
    """

    exchange: Exchange
    ingress: Ingress
    faults: Faults
    clock: VirtualClock
    wake: Callable[[], None]
    restarted: bool


class ExchangeGateway:
    """Works off one request after the other; its answers go through the cell's ingress."""

    def __init__(self, parts: GatewayParts) -> None:
        self._parts: Final = parts
        self._queue: Final[deque[tuple[AnyEvent, bool]]] = deque()
        self._performed: Final[set[str]] = set()
        self._number = parts.ingress.next_number(AUTHOR)

    def reconcile(self) -> None:
        """Post all that the exchange ever said; what the cell knows already, it drops."""
        for report in tuple(self._parts.exchange.history):
            self._parts.faults.boundary("gateway.reconciling")
            self.report(report)

    def take(self, request: AnyEvent, again: bool) -> None:
        """Put a durable request at the end of the queue."""
        self._queue.append((request, again))
        self._parts.wake()

    def work(self) -> None:
        """Perform the oldest request."""
        if not self._queue:
            return
        request, again = self._queue.popleft()
        if carries(request, OrderApproved):
            self._perform(request, again)
        elif carries(request, OrderCancelRequested):
            memo = Memo(cause=request.id, correlation=request.correlation)
            self._parts.exchange.cancel(request.payload.client_order_id, memo)
        if self._queue:
            self._parts.wake()

    def report(self, report: Report) -> None:
        """Post what the exchange said."""
        self._post(as_event(report))

    def must_ask(self, again: bool) -> bool:
        """Whether the order may have been sent before."""
        return again or self._parts.restarted

    def _perform(self, request: Event[OrderApproved], again: bool) -> None:
        if request.id in self._performed:
            return
        self._performed.add(request.id)
        ticket, exchange = request.payload.ticket, self._parts.exchange
        self._post(self._submitting(request))
        ask = self.must_ask(again)
        while not (ask and exchange.knows(ticket.client_order_id)):
            self._parts.faults.boundary("gateway.before_send")
            try:
                exchange.send(ticket, Memo(cause=request.id, correlation=request.correlation))
            except TimedOut:
                ask = True
                continue
            self._parts.faults.boundary("gateway.after_send")
            return

    def _submitting(self, request: Event[OrderApproved]) -> AnyEvent:
        ticket, now = request.payload.ticket, self._parts.clock.now
        return Event(
            id=event_id(AUTHOR, request.id, 0),
            author=AUTHOR,
            cause=request.id,
            correlation=request.correlation,
            ts=now,
            ts_recorded=now,
            payload=OrderSubmitting(
                client_order_id=ticket.client_order_id, instrument=ticket.instrument
            ),
        )

    def _post(self, event: AnyEvent) -> None:
        self._parts.faults.boundary("gateway.before_post")
        self._parts.ingress.post(AUTHOR, self._number, event)
        self._number += 1
        self._parts.faults.boundary("gateway.after_post")
