"""Turns what a strategy wants into orders of a definite size."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio import blotter as blotters
from actors.portfolio.blotter import Blotter, WorkingOrder, with_ticket, without_order
from actors.portfolio.moves import MovesByInstrument, with_bar
from actors.portfolio.prices import Marks, marked
from actors.portfolio.sizes import Facts, SizingConfig, SizingMethod, Withheld, size
from actors.portfolio.targets import Standing, outlived, standing
from schemas.cell import CellLive, CellStarted
from schemas.envelope import AnyEvent
from schemas.identity import event_id
from schemas.market import Bar, Instrument, Quote, Trade
from schemas.order import (
    Check,
    OrderApproved,
    OrderCancelRequested,
    OrderRequested,
    OrderVetoed,
    Side,
    Terms,
    Ticket,
)
from schemas.portfolio import PortfolioValued
from schemas.quantities import Quantity
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld

AUTHOR: Final = "sizing"

_MILLISECOND_NS: Final = 1_000_000
_SIGNS: Final = {"long": 1, "flat": 0, "short": -1}

_ORDERS: Final[tuple[type[Payload], ...]] = (
    *(CellStarted, CellLive, Instrument),
    *(SignalRaised, OrderRequested, OrderApproved, OrderVetoed),
    *blotters.CONSUMES,
)
_MARKET: Final[tuple[type[Payload], ...]] = (Bar, Quote, Trade, PortfolioValued)
"""What every method but ``fixed`` sizes by: prices, and what the account is worth."""


class SizingState(msgspec.Struct, frozen=True, gc=False):
    """What sizing knows.

    Attributes:
        live: whether positions may be opened.
        target: id of the signal seen last, when it set a target.
    """

    live: bool = False
    instruments: Mapping[str, Instrument] = {}
    marks: Marks = {}
    moves: MovesByInstrument = {}
    blotter: Blotter = Blotter()
    valued: PortfolioValued | None = None
    target: str | None = None


class Sizing:
    """Answers ``signal.raised`` with orders, cancels, or the reason why there are none.

    An order's client order id is the id of its ``order.requested``. A target is reached by one
    order of the net difference, also through zero. Once risk has approved a market order that
    closes or turns a position, the resting orders that belonged to it (protective legs, and entries
    the other way) are withdrawn: not earlier, so that a vetoed exit leaves its stop in place.
    """

    author: Final = AUTHOR
    answers: Final[frozenset[type[Payload]]] = frozenset((SignalRaised, OrderApproved))

    def __init__(self, config: SizingConfig) -> None:
        self._config: Final = config
        is_fixed = config.method is SizingMethod.FIXED
        self.consumes: Final = frozenset(_ORDERS if is_fixed else (*_ORDERS, *_MARKET))
        self._reads_moves: Final = config.method is SizingMethod.VOLATILITY

    def initial(self) -> SizingState:
        """Nothing is known, and nothing may be opened before ``cell.live``."""
        return SizingState()

    def evolve(self, state: SizingState, event: AnyEvent) -> SizingState:
        """Take in a price, an order's fate, a valuation, or a signal."""
        match event.payload:
            case Bar() as bar:
                return replace(
                    state, marks=marked(state.marks, event), moves=self._moved(state, bar)
                )
            case Quote() | Trade():
                return replace(state, marks=marked(state.marks, event))
            case PortfolioValued() as valued:
                return replace(state, valued=valued)
            case SignalRaised(intent=intent):
                return replace(state, target=event.id if intent == "target" else None)
            case OrderRequested(ticket=ticket):
                to_target = event.author == AUTHOR and event.cause == state.target
                blotter = with_ticket(state.blotter, ticket, replaces=to_target)
                return replace(state, blotter=blotter)
            case OrderVetoed(ticket=ticket):
                blotter = without_order(state.blotter, ticket.client_order_id)
                return replace(state, blotter=blotter)
            case Instrument() as told:
                return replace(state, instruments={**state.instruments, told.id: told})
            case CellStarted():
                return replace(state, live=False)
            case CellLive():
                return replace(state, live=True)
            case answer:
                return replace(
                    state,
                    marks=marked(state.marks, event),
                    blotter=blotters.answered(state.blotter, answer),
                )

    def decide(self, state: SizingState, event: AnyEvent) -> Iterable[Payload]:
        """Answer a signal, or withdraw what an approved order makes pointless."""
        match event.payload:
            case SignalRaised(intent="cancel") as signal:
                return _cancelled(state.blotter, event.author, signal)
            case SignalRaised() as signal:
                try:
                    return self._trade(state, event, signal)
                except Withheld as stopped:
                    return (_withheld(signal, stopped.check),)
            case OrderApproved(ticket=ticket):
                return _replaced(state.blotter, ticket)
            case _:
                return ()

    def _trade(
        self, state: SizingState, event: AnyEvent, signal: SignalRaised
    ) -> tuple[Payload, ...]:
        if signal.instrument not in state.instruments:
            raise Withheld("instrument", "known", signal.instrument)
        stands = standing(state.blotter, event.author, signal.instrument)
        if signal.intent == "target":
            wanted = self._wanted(state, signal)
            delta = stands.delta(wanted)
            if delta == 0:
                return _arrived(state.blotter, event.author, signal, stands, wanted)
            terms = _towards(state.blotter, event.author, signal, delta, wanted)
        else:
            delta, terms = self._wanted(state, signal), signal.terms
            if delta == 0:
                raise Withheld("direction", "long or short", signal.direction)
        if not state.live and not stands.is_reduced_by(delta):
            raise Withheld("recovering", "only what reduces", f"{delta:f} on {stands.held:f}")
        return (OrderRequested(ticket=self._ticket(event, signal, delta, terms)),)

    def _wanted(self, state: SizingState, signal: SignalRaised) -> Quantity:
        sign = _SIGNS[signal.direction]
        if sign == 0:
            return Decimal(0)
        moves = state.moves.get(signal.instrument)
        facts = Facts(
            instruments=state.instruments,
            marks=state.marks,
            move=moves.average(self._config.lookback) if moves else None,
            equity=state.valued.equity if state.valued else None,
            currency=state.valued.currency if state.valued else None,
        )
        return sign * size(self._config, facts, signal)

    def _ticket(
        self, event: AnyEvent, signal: SignalRaised, delta: Quantity, terms: Terms
    ) -> Ticket:
        valid_for = self._config.valid_for_ms
        return Ticket(
            client_order_id=event_id(AUTHOR, event.id, 0),
            strategy=event.author,
            instrument=signal.instrument,
            side=Side.BUY if delta > 0 else Side.SELL,
            quantity=abs(delta),
            terms=terms,
            valid_until=None if valid_for is None else event.ts + valid_for * _MILLISECOND_NS,
        )

    def _moved(self, state: SizingState, bar: Bar) -> MovesByInstrument:
        if not self._reads_moves:
            return state.moves
        return with_bar(state.moves, bar, self._config.interval, self._config.lookback)


def _arrived(
    blotter: Blotter, strategy: str, signal: SignalRaised, stands: Standing, wanted: Quantity
) -> tuple[Payload, ...]:
    """Nothing is to trade. Flat means that nothing may open a position later, either."""
    if wanted == 0 and stands.held == 0:
        resting = tuple(o for o in blotter.orders(strategy, signal.instrument) if o.rests)
        if resting:
            return _withdrawals(resting, "target is flat")
    raise Withheld("target", f"{wanted:f}", f"{stands.settled + stands.entries:f}")


def _towards(
    blotter: Blotter, strategy: str, signal: SignalRaised, delta: Quantity, wanted: Quantity
) -> Terms:
    """The signal's terms; an order that only reduces has no protective legs of its own.

    It is reduce-only, so that a stop which trades first does not turn it into a new position,
    unless the account's net position, which is what the venue sees, does not cover it.
    """
    if delta * wanted > 0:
        return signal.terms
    nets = (blotter.held(strategy, signal.instrument), blotter.held_by_all(signal.instrument))
    covered = all(net * delta < 0 and abs(net) >= abs(delta) for net in nets)
    return replace(
        signal.terms,
        stop_loss=None,
        take_profit=None,
        stop_loss_trail=None,
        reduce_only=signal.terms.reduce_only or covered,
    )


def _replaced(blotter: Blotter, ticket: Ticket) -> tuple[Payload, ...]:
    order = blotter.working.get(ticket.client_order_id)
    if order is None or not order.replaces:
        return ()
    return _withdrawals(outlived(blotter, order), f"replaced by {ticket.client_order_id}")


def _cancelled(blotter: Blotter, strategy: str, signal: SignalRaised) -> tuple[Payload, ...]:
    working = tuple(blotter.orders(strategy, signal.instrument))
    if not working:
        return (_withheld(signal, Check("cancel", "a working order", "none")),)
    return _withdrawals(working, "the strategy cancels")


def _withdrawals(orders: Iterable[WorkingOrder], reason: str) -> tuple[Payload, ...]:
    return tuple(
        OrderCancelRequested(
            client_order_id=order.client_order_id, instrument=order.instrument, reason=reason
        )
        for order in orders
    )


def _withheld(signal: SignalRaised, check: Check) -> SignalWithheld:
    return SignalWithheld(
        instrument=signal.instrument,
        direction=signal.direction,
        rule=check.rule,
        limit=check.limit,
        value=check.value,
    )
