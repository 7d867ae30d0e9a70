"""How a strategy says what it wants: signals with exact prices, and timers."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from actors.strategies import exact
from actors.strategies.exact import MARKET, Number
from actors.strategies.spoken import fitting
from schemas.market import Instrument
from schemas.order import OrderCancelRequested, Terms
from schemas.pattern import Direction
from schemas.quantities import Nanoseconds, Price
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld
from schemas.timer import TimerSet

type Reason = Mapping[str, object]
"""What a signal was decided on, by name: numbers, decimals, truth values or text."""

type Entry = Literal["long", "short"]

_NO_REASON: Final[Reason] = {}


class Answers:
    """Builds the answers of one strategy. A hook must return or yield what it builds here.

    Attributes:
        instruments: the terms of every instrument it may trade, by id.
        now: market time of the event at hand.
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self.instruments: Final = instruments
        self.now: Nanoseconds = 0
        self._built: Final[list[Payload]] = []

    def long(
        self,
        instrument: str,
        *,
        reason: Reason = _NO_REASON,
        quantity: Number | None = None,
        terms: Terms = MARKET,
        strength: float = 1.0,
    ) -> SignalRaised:
        """Be long: bring the net position to ``quantity`` units, or to what sizing finds right.

        Raises:
            ValueError: ``strength`` is not between 0 and 1.
        """
        given = exact.strength(strength)
        wish = SignalRaised(instrument=instrument, direction="long", strength=given)
        return self._wish(wish, reason, quantity, terms)

    def short(
        self,
        instrument: str,
        *,
        reason: Reason = _NO_REASON,
        quantity: Number | None = None,
        terms: Terms = MARKET,
        strength: float = 1.0,
    ) -> SignalRaised:
        """Be short: as ``long``, with ``quantity`` units sold."""
        given = exact.strength(strength)
        wish = SignalRaised(instrument=instrument, direction="short", strength=given)
        return self._wish(wish, reason, quantity, terms)

    def flat(
        self, instrument: str, *, reason: Reason = _NO_REASON, terms: Terms = MARKET
    ) -> SignalRaised:
        """Hold nothing: close the position."""
        wish = SignalRaised(instrument=instrument, direction="flat")
        return self._wish(wish, reason, None, terms)

    def order(
        self,
        instrument: str,
        direction: Entry,
        *,
        reason: Reason = _NO_REASON,
        quantity: Number | None = None,
        terms: Terms = MARKET,
    ) -> SignalRaised:
        """One more order, whatever the position; ``long`` buys and ``short`` sells."""
        wish = SignalRaised(instrument=instrument, direction=direction, intent="order")
        return self._wish(wish, reason, quantity, terms)

    def bracket(
        self,
        instrument: str,
        direction: Entry,
        *,
        stop_loss: Number,
        take_profit: Number,
        reason: Reason = _NO_REASON,
    ) -> SignalRaised:
        """Enter at the market with a stop and a target, of which the first to trade ends the other.

        For another quantity or entry, give ``order`` the terms of your own.

        Raises:
            ValueError: the stop is not on the losing side of the target.
        """
        low, high = (stop_loss, take_profit) if direction == "long" else (take_profit, stop_loss)
        if not low < high:
            raise ValueError(f"{direction} bracket: stop {stop_loss}, target {take_profit}")
        terms = Terms(stop_loss=exact.decimal(stop_loss), take_profit=exact.decimal(take_profit))
        return self.order(instrument, direction, terms=terms, reason=reason)

    def cancel(self, instrument: str, *, reason: Reason = _NO_REASON) -> SignalRaised:
        """Withdraw all working orders in the instrument."""
        wish = SignalRaised(instrument=instrument, direction="flat", intent="cancel")
        return self._wish(wish, reason, None, MARKET)

    def withdraw(self, instrument: str, client_order_id: str, reason: str) -> OrderCancelRequested:
        """Withdraw one working order."""
        return self._build(
            OrderCancelRequested(
                client_order_id=client_order_id, instrument=instrument, reason=reason
            )
        )

    def withhold(
        self, instrument: str, direction: Direction, *, rule: str, limit: object, value: object
    ) -> SignalWithheld:
        """Say that a signal was due, and which rule of the strategy's own stopped it."""
        return self._build(
            SignalWithheld(
                instrument=instrument,
                direction=direction,
                rule=rule,
                limit=str(exact.reported(limit)),
                value=str(exact.reported(value)),
            )
        )

    def wake(
        self, name: str, *, at: Nanoseconds | None = None, after: Nanoseconds | None = None
    ) -> TimerSet:
        """Have ``on_timer(name)`` called at a market time, or ``after`` so many nanoseconds.

        Raises:
            ValueError: not exactly one of them is given, or the time is not in the future.
        """
        if (at is None) == (after is None):
            raise ValueError(f"timer {name}: give at= or after=")
        when = self.now + after if after is not None else at
        if when is None or when <= self.now:
            raise ValueError(f"timer {name}: {when} is not after {self.now}")
        return self._build(TimerSet(name=name, at=when))

    def price(self, instrument: str, value: Number) -> Price:
        """``value`` as a price of the instrument: the nearest multiple of its tick."""
        return exact.price(self._known(instrument), value)

    def _wish(
        self, bare: SignalRaised, reason: Reason, quantity: Number | None, terms: Terms
    ) -> SignalRaised:
        known = self._known(bare.instrument)
        return self._build(
            msgspec.structs.replace(
                bare,
                quantity=None if quantity is None else exact.quantity(known, quantity),
                terms=exact.terms(known, terms),
                reason={name: exact.reported(value) for name, value in reason.items()},
            )
        )

    def _known(self, instrument: str) -> Instrument:
        known = self.instruments.get(instrument)
        if known is None:
            raise LookupError(f"{instrument!r} is none of {', '.join(self.instruments)}")
        return known

    def _build[P: Payload](self, payload: P) -> P:
        self._built.append(fitting(payload))
        return payload
