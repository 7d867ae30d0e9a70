"""What the simulated cell trades: a few quotes, a strategy that crosses them, and limits on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Final

from actors.kit.shapes import Decider, Folded
from actors.portfolio.positions import Positions
from runtime.hosts.simulated.clock import EPOCH
from schemas.envelope import AnyEvent, Event
from schemas.identity import event_id, tick_id
from schemas.market import AssetClass, Instrument, Quote
from schemas.order import (
    Check,
    OrderApproved,
    OrderCancelled,
    OrderCancelRequested,
    OrderFilled,
    OrderRejected,
    OrderRequested,
    OrderVetoed,
    Side,
    Ticket,
)
from schemas.quantities import SECOND_NS, Nanoseconds
from schemas.registry import Payload
from schemas.timer import TimerFired, TimerSet

SOURCE: Final = "feed.simulated"
INSTRUMENTS: Final = ("ALPHA.SIM", "BETA.SIM")
QUOTES: Final = 20
PATIENCE_NS: Final = 5 * SECOND_NS // 2
"""After this long an order that still works is withdrawn."""

_HALF_SPREAD: Final = Decimal("0.05")
_SIZE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the feed has to say; ``row`` is its number if it is in the market log."""

    event: AnyEvent
    row: int | None = None


def items_of(seed: int) -> tuple[Item, ...]:
    """The market of a seed: the instruments' terms, then quotes, one a second."""
    chance = Random(f"market/{seed}")
    terms = [Item(_fact(f"instrument/{name}", EPOCH, _terms(name))) for name in INSTRUMENTS]
    mids = dict.fromkeys(INSTRUMENTS, Decimal(100))
    quotes = []
    for row in range(QUOTES):
        name = chance.choice(INSTRUMENTS)
        mids[name] += Decimal(chance.randint(-20, 20)) / 10
        quote = Quote(
            instrument=name,
            bid=mids[name] - _HALF_SPREAD,
            ask=mids[name] + _HALF_SPREAD,
            bid_size=_SIZE,
            ask_size=_SIZE,
        )
        quotes.append(Item(_fact(tick_id(SOURCE, row), EPOCH + (row + 1) * SECOND_NS, quote), row))
    return (*terms, *quotes)


def price_of(items: Iterable[Item], instrument: str, now: Nanoseconds) -> Decimal:
    """The last mid of an instrument at a time."""
    mids = [
        item.event.payload.mid
        for item in items
        if isinstance(item.event.payload, Quote)
        and item.event.payload.instrument == instrument
        and item.event.ts <= now
    ]
    return mids[-1]


def deciders() -> tuple[Decider, ...]:
    """A fresh cell's deciders, in their order."""
    return (Folded(Crossing()), Folded(Limits()), Folded(Positions()))


def _fact(name: str, ts: Nanoseconds, payload: Payload) -> AnyEvent:
    return Event(
        id=name,
        author=SOURCE,
        cause=name,
        correlation=name,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


def _terms(name: str) -> Instrument:
    return Instrument(
        id=name,
        asset_class=AssetClass.EQUITY,
        quote_currency="USD",
        price_precision=2,
        size_precision=0,
        tick_size=Decimal("0.01"),
        lot_size=Decimal(1),
    )


@dataclass(frozen=True, slots=True)
class Working:
    """An order that is not finished: what is left of it, positive for a buy."""

    instrument: str
    left: Decimal


type WorkingOrders = Mapping[str, Working]


def after(working: WorkingOrders, payload: Payload) -> WorkingOrders:
    """Which orders still work when a word about one of them has come."""
    match payload:
        case OrderFilled(client_order_id=name) if name in working:
            left = working[name].left - payload.quantity * payload.side.sign
            if not left:
                return _less(working, name)
            return {**working, name: replace(working[name], left=left)}
        case OrderRejected(client_order_id=name) | OrderCancelled(client_order_id=name):
            return _less(working, name)
        case OrderVetoed(ticket=ticket):
            return _less(working, ticket.client_order_id)
        case _:
            return working


def _with(working: WorkingOrders, ticket: Ticket) -> WorkingOrders:
    return {**working, ticket.client_order_id: Working(ticket.instrument, _signed(ticket))}


def _signed(ticket: Ticket) -> Decimal:
    return ticket.quantity * ticket.side.sign


def _less(working: WorkingOrders, name: str) -> WorkingOrders:
    return {known: order for known, order in working.items() if known != name}


@dataclass(frozen=True, slots=True)
class CrossingState:
    """The last two mids of each instrument, and the strategy's working orders."""

    mids: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    working: WorkingOrders = field(default_factory=dict)


class Crossing:
    """Trades with every move between two mids; what does not fill in time it withdraws."""

    author: Final = "strategy.crossing"
    consumes: Final[frozenset[type[Payload]]] = frozenset(
        (Quote, OrderRequested, OrderVetoed, OrderFilled, OrderRejected, OrderCancelled, TimerFired)
    )

    def initial(self) -> CrossingState:
        """Nothing was seen."""
        return CrossingState()

    def evolve(self, state: CrossingState, event: AnyEvent) -> CrossingState:
        """Remember the mid, and what works."""
        match event.payload:
            case Quote() as quote:
                seen = (*state.mids.get(quote.instrument, ()), quote.mid)[-2:]
                return replace(state, mids={**state.mids, quote.instrument: seen})
            case OrderRequested(ticket=ticket):
                return replace(state, working=_with(state.working, ticket))
            case payload:
                return replace(state, working=after(state.working, payload))

    def decide(self, state: CrossingState, event: AnyEvent) -> Iterable[Payload]:
        """Ask for an order on a move, and for its end when it took too long."""
        match event.payload:
            case Quote(instrument=name) if len(state.mids[name]) == 2:
                before, now = state.mids[name]
                if before != now:
                    yield from self._order(event, name, now - before)
            case TimerFired(name=name, owner=self.author) if name in state.working:
                instrument = state.working[name].instrument
                yield OrderCancelRequested(
                    client_order_id=name, instrument=instrument, reason="out of patience"
                )
            case _:
                pass

    def _order(self, event: AnyEvent, instrument: str, move: Decimal) -> Iterable[Payload]:
        name = event_id(self.author, event.id, 0)
        ticket = Ticket(
            client_order_id=name,
            strategy=self.author,
            instrument=instrument,
            side=Side.BUY if move > 0 else Side.SELL,
            quantity=Decimal(2 + int(abs(move) * 10) % 8),
        )
        yield OrderRequested(ticket=ticket)
        yield TimerSet(name=name, at=event.ts + PATIENCE_NS)


@dataclass(frozen=True, slots=True)
class LimitsState:
    """What is held and what works."""

    held: Mapping[str, Decimal] = field(default_factory=dict)
    working: WorkingOrders = field(default_factory=dict)


class Limits:
    """Lets no instrument's position, with all that works, leave its limit."""

    author: Final = "risk.limits"
    consumes: Final[frozenset[type[Payload]]] = frozenset(
        (OrderRequested, OrderApproved, OrderFilled, OrderRejected, OrderCancelled)
    )
    limit: Final = Decimal(12)

    def initial(self) -> LimitsState:
        """Nothing is held."""
        return LimitsState()

    def evolve(self, state: LimitsState, event: AnyEvent) -> LimitsState:
        """Count what was approved and filled."""
        match event.payload:
            case OrderApproved(ticket=ticket):
                return replace(state, working=_with(state.working, ticket))
            case OrderFilled(instrument=name) as fill:
                held = state.held.get(name, Decimal(0)) + fill.quantity * fill.side.sign
                working = after(state.working, fill)
                return replace(state, held={**state.held, name: held}, working=working)
            case payload:
                return replace(state, working=after(state.working, payload))

    def decide(self, state: LimitsState, event: AnyEvent) -> Iterable[Payload]:
        """Approve or veto."""
        match event.payload:
            case OrderRequested(ticket=ticket):
                exposed = abs(_exposure(state, ticket.instrument) + _signed(ticket))
                check = Check("position", str(self.limit), str(exposed))
                if exposed > self.limit:
                    yield OrderVetoed(ticket=ticket, failed=check)
                else:
                    yield OrderApproved(ticket=ticket, checks=(check,))
            case _:
                pass


def _exposure(state: LimitsState, instrument: str) -> Decimal:
    working = (order.left for order in state.working.values() if order.instrument == instrument)
    return sum(working, state.held.get(instrument, Decimal(0)))
