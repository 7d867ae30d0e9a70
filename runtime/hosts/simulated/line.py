"""The line from a gateway to the exchange: messages are late, lost, or its gateway's last."""

from collections.abc import Sequence
from typing import Final

from actors.execution.exchange import NoReply, Report
from runtime.hosts.simulated.exchange import Exchange
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.reports import as_report
from runtime.hosts.simulated.scheduler import Scheduler
from schemas.envelope import Event
from schemas.order import OrderApproved
from schemas.quantities import SECOND_NS, Nanoseconds

LATE_NS_MAX: Final = 6 * SECOND_NS
"""As long as an order may be under way, or its gateway may sleep with it in its hand."""


class Line:
    """One gateway's. It implements ``actors.execution.exchange.Exchange``."""

    def __init__(self, exchange: Exchange, faults: Faults, scheduler: Scheduler) -> None:
        self._exchange: Final = exchange
        self._faults: Final = faults
        self._scheduler: Final = scheduler
        self._heard: list[str] = []

    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        faults, ticket = self._faults, approved.payload.ticket
        name = ticket.client_order_id
        faults.boundary("gateway.before_send")
        if faults.strike("exchange.times_out_before"):
            raise NoReply(name)
        if faults.strike("exchange.hears_late"):
            late = faults.latency(LATE_NS_MAX)
            self._scheduler.after(late, lambda: self._exchange.send(ticket, send_by))
            raise NoReply(name)
        self._exchange.send(ticket, send_by)
        if faults.strike("exchange.times_out_after"):
            raise NoReply(name)
        faults.boundary("gateway.after_send")

    def cancel(self, client_order_id: str) -> None:
        self._exchange.cancel(client_order_id)

    def ask(self, client_order_id: str) -> Sequence[Report] | None:
        self._faults.boundary("gateway.asking")
        if self._faults.strike("exchange.is_silent"):
            raise NoReply(client_order_id)
        order = self._exchange.orders.get(client_order_id)
        return None if order is None else [as_report(said) for said in order.reports]

    def heard(self) -> Sequence[str]:
        heard, self._heard = self._heard, []
        return heard

    def deliver(self, client_order_id: str) -> None:
        """The exchange says something about an order unasked."""
        self._heard.append(client_order_id)

    def close(self) -> None:
        """Nothing to let go of."""
