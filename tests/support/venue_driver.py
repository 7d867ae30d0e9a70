"""A minimal listener: it keeps what a venue says, and sends what a test wants sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from actors.execution.nautilus.config import VenueConfig
from actors.execution.nautilus.simulated_venue import NautilusVenue
from actors.execution.venue import BarStream, Subscriptions, Window
from actors.kit.inputs import Input
from schemas.envelope import Event
from schemas.identity import event_id
from schemas.market import Instrument, PriceType
from schemas.order import OrderApproved, OrderCancelRequested, OrderFilled, Side, Terms, Ticket
from schemas.registry import Payload

type React = Callable[["Driver", Input], None]


def nothing(_: "Driver", __: Input) -> None:
    """Only listen."""


class Driver:
    """Runs a venue over windows; ``said`` is everything that came, in order."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        venues: Sequence[VenueConfig],
        react: React = nothing,
        *,
        every_tick: bool = False,
        keeping: int = 1_000,
    ) -> None:
        self.venue = NautilusVenue(instruments, venues, every_tick=every_tick, keeping=keeping)
        self.said: list[Input] = []
        self.balances: Sequence[tuple[str, str, str]] = ()
        self._react = react

    def run(self, windows: Iterable[Window], subscriptions: Subscriptions) -> "Driver":
        """Everything from start to end; balances can be asked, then ``close``."""
        self.venue.start(subscriptions, self.hear)
        for window in windows:
            self.venue.advance(window)
        self.venue.finish()
        return self

    def hear(self, given: Input) -> None:
        self.said.append(given)
        self._react(self, given)

    def send(self, ticket: Ticket, cause: Input) -> Event[OrderApproved]:
        """Have an order approved because of an input, and submit it."""
        approved = Event(
            id=event_id("risk", cause.id, int(ticket.client_order_id.rpartition("-")[2])),
            author="risk",
            cause=cause.id,
            correlation=cause.correlation,
            ts=cause.ts,
            ts_recorded=cause.ts,
            payload=OrderApproved(ticket=ticket, checks=()),
        )
        self.venue.submit(approved)
        return approved

    def withdraw(self, client_order_id: str, instrument: str, cause: Input) -> None:
        """Ask for an order to be cancelled."""
        self.venue.cancel(
            Event(
                id=f"cancel {client_order_id}",
                author="strategy",
                cause=cause.id,
                correlation=cause.correlation,
                ts=cause.ts,
                ts_recorded=cause.ts,
                payload=OrderCancelRequested(
                    client_order_id=client_order_id, instrument=instrument, reason="test"
                ),
            )
        )

    def of[P: Payload](self, kind: type[P]) -> list[P]:
        """Payloads of one class, in order."""
        return [given.payload for given in self.said if isinstance(given.payload, kind)]

    def fills(self, client_order_id: str) -> list[tuple[int, str, str]]:
        """Time, price and quantity of an order's fills."""
        return [
            (given.ts, str(given.payload.price), str(given.payload.quantity))
            for given in self.said
            if isinstance(given.payload, OrderFilled)
            and given.payload.client_order_id == client_order_id
        ]

    def kinds(self, client_order_id: str) -> list[str]:
        """What was said about one order, by kind."""
        return [
            given.payload.KIND
            for given in self.said
            if getattr(given.payload, "client_order_id", None) == client_order_id
        ]


def ticket(
    instrument: Instrument,
    side: Side = Side.BUY,
    quantity: str = "1000",
    number: int = 1,
    terms: Terms | None = None,
) -> Ticket:
    """An order ``O-<number>``; a market order unless told otherwise."""
    return Ticket(
        client_order_id=f"O-{number}",
        strategy="strategies.test",
        instrument=instrument.id,
        side=side,
        quantity=Decimal(quantity),
        terms=terms or Terms(),
    )


def terms(given: Mapping[str, str | int | bool]) -> Terms:
    """Terms by field, with prices in text."""
    return msgspec.convert(given, Terms)


def margin(instrument: Instrument, currency: str = "USD", **more: object) -> VenueConfig:
    """A margin account of a million at the instrument's venue."""
    given: dict[str, object] = {
        "name": instrument.venue,
        "base_currency": currency,
        "starting_balances": {currency: Decimal(1_000_000)},
        "leverage": Decimal(20),
    }
    return VenueConfig(**(given | more))  # type: ignore[arg-type]  # msgspec checks nothing here


def minutes(instrument: Instrument, price: PriceType = PriceType.BID) -> Subscriptions:
    """One-minute bars of one instrument."""
    return Subscriptions(bars=(BarStream(instrument.id, "1m", price),))
