"""The life of an order, from a decider's wish to the venue's last word."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from schemas.quantities import Money, Nanoseconds, Price, Quantity
from schemas.registry import Payload, event


class Side(StrEnum):
    """Which way an order trades."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for a buy, -1 for a sell."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> "Side":
        """The other side."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    """How an order executes."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TRAILING_STOP = "trailing_stop"


class TimeInForce(StrEnum):
    """How long an order works."""

    GTC = "gtc"
    GTD = "gtd"
    DAY = "day"
    IOC = "ioc"
    FOK = "fok"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How to execute, without saying what or how much.

    Attributes:
        price: limit price (limit, stop_limit).
        trigger: stop price (stop, stop_limit, and optionally trailing_stop's first trigger).
        trail: price distance of a trailing stop.
        stop_loss, take_profit: prices of the legs of a bracket; both or neither.
        stop_loss_trail: distance by which the stop-loss leg trails, from ``stop_loss`` on, or from
            the entry's price when ``stop_loss`` is left out.
        expire: for ``gtd``.
    """

    type: OrderType = OrderType.MARKET
    price: Price | None = None
    trigger: Price | None = None
    trail: Decimal | None = None
    stop_loss: Price | None = None
    take_profit: Price | None = None
    stop_loss_trail: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expire: Nanoseconds | None = None
    post_only: bool = False
    reduce_only: bool = False

    @property
    def is_bracket(self) -> bool:
        """Whether the order carries protective legs."""
        legs = (self.stop_loss, self.take_profit, self.stop_loss_trail)
        return any(leg is not None for leg in legs)


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """An order in full.

    Attributes:
        client_order_id: derived from the id of the ``order.requested`` (24 characters at most, legs
            included).
        strategy: author of the signal behind it.
        valid_until: market time after which the order must not be sent any more.
    """

    client_order_id: str
    strategy: str
    instrument: str
    side: Side
    quantity: Quantity
    terms: Terms = Terms()
    valid_until: Nanoseconds | None = None


class Check(msgspec.Struct, frozen=True):
    """One rule that was applied: its name, its limit, and the value held against it."""

    rule: str
    limit: str
    value: str


@event("order.requested")
class OrderRequested(Payload, frozen=True, kw_only=True):
    """A sized order, not yet seen by risk."""

    ticket: Ticket


@event("order.approved")
class OrderApproved(Payload, frozen=True, kw_only=True):
    """Risk let the order pass; ``checks`` are all the rules it passed."""

    ticket: Ticket
    checks: tuple[Check, ...]


@event("order.vetoed")
class OrderVetoed(Payload, frozen=True, kw_only=True):
    """Risk stopped the order; ``failed`` is the rule that did, ``checks`` those applied before
    it.
    """

    ticket: Ticket
    failed: Check
    checks: tuple[Check, ...] = ()


@event("order.cancel_requested")
class OrderCancelRequested(Payload, frozen=True, kw_only=True):
    """Its author wants a working order withdrawn."""

    client_order_id: str
    instrument: str
    reason: str


@event("order.submitting", version=2, decision=False)
class OrderSubmitting(Payload, frozen=True, kw_only=True):
    """A gateway has the right to send, once this is in the journal; whatever happens next, the
    venue must be asked before anybody sends again.

    Attributes:
        attempt: which one it is, from 0. Of several gateways that announce the same one, the first
            that is recorded has the right.
        holder: which incarnation of a gateway that is.
        send_by: UTC; later the order must not be sent, and must not be taken.
    """

    client_order_id: str
    instrument: str
    attempt: int
    holder: str
    send_by: Nanoseconds


@event("order.sent", decision=False)
class OrderSent(Payload, frozen=True, kw_only=True):
    """An order arrived at an exchange on paper, as its own record has it.

    Attributes:
        send_by: UTC; the sender's right ended then.
        arrived: UTC, by the exchange's clock.
    """

    ticket: Ticket
    send_by: Nanoseconds
    arrived: Nanoseconds


class VenueAnswer(Payload, frozen=True, kw_only=True):
    """What every word of a venue about an order has in common."""

    client_order_id: str
    instrument: str
    strategy: str
    venue_order_id: str = ""


@event("order.submitted")
class OrderSubmitted(VenueAnswer, frozen=True, kw_only=True):
    """The order left for the venue."""


@event("order.accepted")
class OrderAccepted(VenueAnswer, frozen=True, kw_only=True):
    """The venue works the order. Legs of a bracket are named by their own client order ids."""

    side: Side
    type: OrderType
    quantity: Quantity
    price: Price | None = None
    trigger: Price | None = None


@event("order.updated")
class OrderUpdated(VenueAnswer, frozen=True, kw_only=True):
    """The venue changed a working order, such as a trailing stop's trigger."""

    quantity: Quantity
    price: Price | None = None
    trigger: Price | None = None


@event("order.rejected")
class OrderRejected(VenueAnswer, frozen=True, kw_only=True):
    """The venue (or its risk engine, before it) refused the order."""

    reason: str


@event("order.triggered")
class OrderTriggered(VenueAnswer, frozen=True, kw_only=True):
    """A stop-limit order's stop price was reached."""


@event("order.filled")
class OrderFilled(VenueAnswer, frozen=True, kw_only=True):
    """A trade. ``trade_id`` is the venue's and is the event's business key."""

    trade_id: str
    side: Side
    quantity: Quantity
    price: Price
    commission: Money
    liquidity: Literal["maker", "taker", "none"]
    position_id: str = ""


@event("order.cancelled")
class OrderCancelled(VenueAnswer, frozen=True, kw_only=True):
    """The order was withdrawn, by us or by the venue (an OCO sibling, the end of a session)."""

    reason: str = ""


@event("order.expired")
class OrderExpired(VenueAnswer, frozen=True, kw_only=True):
    """The order's time in force ended."""


@event("order.unknown", decision=False)
class OrderUnknown(VenueAnswer, frozen=True, kw_only=True):
    """It could not be learned what became of the order; it counts as working until reconciled."""

    reason: str
