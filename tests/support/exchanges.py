"""An exchange to test gateways on: it keeps what it is sent, and says what a test makes it say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from actors.execution.exchange import NoReply, Report
from schemas.envelope import Event
from schemas.identity import event_id
from schemas.order import (
    OrderAccepted,
    OrderApproved,
    OrderCancelled,
    OrderFilled,
    OrderType,
    Side,
    Terms,
    Ticket,
    VenueAnswer,
)
from schemas.quantities import Money, Nanoseconds

MARKET: Final = Terms()


def approval(
    name: str, terms: Terms = MARKET, valid_until: int | None = None
) -> Event[OrderApproved]:
    """An approved order for 10 ``A.SIM``."""
    ticket = Ticket(
        client_order_id=name,
        strategy="strategy.s",
        instrument="A.SIM",
        side=Side.BUY,
        quantity=Decimal(10),
        terms=terms,
        valid_until=valid_until,
    )
    return Event(
        id=event_id("risk", name, 0),
        author="risk",
        cause=f"cause of {name}",
        correlation=f"root of {name}",
        ts=5,
        ts_recorded=5,
        payload=OrderApproved(ticket=ticket, checks=()),
    )


class KeptExchange:
    """It implements ``actors.execution.exchange.Exchange``.

    Attributes:
        orders: what was taken, by client order id, each with all that was said about it.
        arrivals: client order ids as they came, and until when each might have.
        silent: whether it leaves questions and orders without a reply; what is sent is lost.
    """

    def __init__(self) -> None:
        self.orders: Final[dict[str, list[Report]]] = {}
        self.arrivals: Final[list[tuple[str, Nanoseconds]]] = []
        self.cancels: Final[list[str]] = []
        self.asked: Final[list[str]] = []
        self.silent = False
        self._news: list[str] = []

    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        name = approved.payload.ticket.client_order_id
        if self.silent:
            raise NoReply(name)
        self.arrivals.append((name, send_by))
        self.orders[name] = []

    def cancel(self, client_order_id: str) -> None:
        if self.silent:
            raise NoReply(client_order_id)
        self.cancels.append(client_order_id)

    def ask(self, client_order_id: str) -> Sequence[Report] | None:
        self.asked.append(client_order_id)
        if self.silent:
            raise NoReply(client_order_id)
        found = self.orders.get(client_order_id)
        return None if found is None else tuple(found)

    def heard(self) -> Sequence[str]:
        news, self._news = self._news, []
        return news

    def close(self) -> None:
        """Nothing to let go of."""

    def say(self, answer: VenueAnswer, *, entry: str = "", aloud: bool = True) -> None:
        """Say something about an order; without ``aloud`` the message is lost, and can be asked."""
        entry = entry or answer.client_order_id
        said = self.orders.setdefault(entry, [])
        report = Report(id=f"{entry}/{len(said)}", author="venue.SIM", ts=7, answer=answer)
        said.append(report)
        if aloud:
            self._news.append(entry)


def accepted(name: str) -> OrderAccepted:
    """The venue works the order."""
    return OrderAccepted(
        client_order_id=name,
        instrument="A.SIM",
        strategy="",
        side=Side.BUY,
        type=OrderType.MARKET,
        quantity=Decimal(10),
    )


def filled(name: str, quantity: int, trade: str = "T1") -> OrderFilled:
    """Some of it traded."""
    return OrderFilled(
        client_order_id=name,
        instrument="A.SIM",
        strategy="",
        trade_id=trade,
        side=Side.BUY,
        quantity=Decimal(quantity),
        price=Decimal(100),
        commission=Money(Decimal(0), "USD"),
        liquidity="taker",
    )


def cancelled(name: str) -> OrderCancelled:
    """It was withdrawn."""
    return OrderCancelled(client_order_id=name, instrument="A.SIM", strategy="")
