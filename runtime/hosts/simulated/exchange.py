"""The outside world: an exchange that never crashes, forgets nothing and forgives nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Final, Literal

from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.scheduler import Scheduler
from runtime.hosts.simulated.violation import Violation
from schemas.order import Ticket
from schemas.quantities import SECOND_NS, Nanoseconds

MATCHING_NS_MAX: Final = 3 * SECOND_NS
type Word = Literal["accepted", "rejected", "filled", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing the exchange said about an order; trades carry an id, a size and a price."""

    client_order_id: str
    word: Word
    ts: Nanoseconds
    ticket: Ticket
    trade_id: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)


@dataclass(slots=True)
class Order:
    """An order as the exchange knows it."""

    ticket: Ticket
    status: Word = "accepted"
    filled: Decimal = Decimal(0)
    reports: list[Report] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the exchange knows of the world.

    Attributes:
        seed: decides what becomes of each order, whenever it arrives.
        price_of: an instrument's price at a time.
        on_arrival: told the client order id of each order, before it is taken.
        publish: passes reports on to whoever listens.
    """

    seed: int
    scheduler: Scheduler
    faults: Faults
    price_of: Callable[[str, Nanoseconds], Decimal]
    on_arrival: Callable[[str], None]
    publish: Callable[[Report], None]


class Exchange:
    """Takes orders, trades them, and answers questions by client order id.

    Attributes:
        refused: how many orders came too late to be taken.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._in: Final = surroundings
        self.orders: Final[dict[str, Order]] = {}
        self.trades: Final[list[Report]] = []
        self.history: Final[list[Report]] = []
        self.refused = 0

    def send(self, ticket: Ticket, send_by: Nanoseconds) -> None:
        """Take an order, unless it comes too late; reports follow.

        Raises:
            Violation: an order of that client order id is here already.
        """
        if self._in.scheduler.clock.now > send_by:
            self.refused += 1
            return
        name = ticket.client_order_id
        self._in.on_arrival(name)
        if name in self.orders:
            raise Violation("no order twice", f"{name} was sent to the exchange twice")
        order = self.orders[name] = Order(ticket)
        self._work(order, Random(f"order/{self._in.seed}/{name}"))

    def cancel(self, client_order_id: str) -> None:
        """Withdraw an order; one that is closed or unknown is left alone."""
        order = self.orders.get(client_order_id)
        if order is not None and order.status == "accepted":
            self._say(order, "cancelled")

    def _work(self, order: Order, fate: Random) -> None:
        draw = fate.random()
        if draw < 0.1:
            self._say(order, "rejected")
            return
        self._say(order, "accepted")
        whole = order.ticket.quantity
        first = Decimal(fate.randint(1, max(1, int(whole) - 1)))
        sizes = (whole,) if draw < 0.5 else (first, whole - first) if draw < 0.7 else (first,)
        if draw < 0.85:
            for size in sizes:
                self._trade_soon(order, size)

    def _trade_soon(self, order: Order, size: Decimal) -> None:
        delay = self._in.faults.latency(MATCHING_NS_MAX)
        if delay:
            self._in.scheduler.after(delay, lambda: self._trade(order, size))
        else:
            self._trade(order, size)

    def _trade(self, order: Order, size: Decimal) -> None:
        size = min(size, order.ticket.quantity - order.filled)
        if order.status != "accepted" or not size:
            return
        order.filled += size
        self._say(order, "filled", size)
        if order.filled < order.ticket.quantity:
            order.status = "accepted"

    def _say(self, order: Order, word: Word, size: Decimal = Decimal(0)) -> None:
        now = self._in.scheduler.clock.now
        order.status = word
        report = Report(
            client_order_id=order.ticket.client_order_id,
            word=word,
            ts=now,
            ticket=order.ticket,
            trade_id=f"T{len(self.trades)}" if word == "filled" else "",
            quantity=size,
            price=self._in.price_of(order.ticket.instrument, now) if size else Decimal(0),
        )
        order.reports.append(report)
        self.history.append(report)
        if word == "filled":
            self.trades.append(report)
        self._in.publish(report)
