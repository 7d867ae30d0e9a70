"""Orders that make no sense, told before Nautilus sees them: it would raise, or fill them."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from schemas.market import Instrument
from schemas.order import OrderType, Side, Terms, Ticket, TimeInForce
from schemas.quantities import Nanoseconds

_NEEDS = {
    OrderType.MARKET: frozenset[str](),
    OrderType.LIMIT: frozenset({"price"}),
    OrderType.STOP: frozenset({"trigger"}),
    OrderType.STOP_LIMIT: frozenset({"price", "trigger"}),
    OrderType.TRAILING_STOP: frozenset({"trail"}),
}
_MAY_HAVE = {OrderType.TRAILING_STOP: frozenset({"trigger"})}
_PRICES = ("price", "trigger", "trail", "stop_loss", "take_profit", "stop_loss_trail")


def refusal(ticket: Ticket, instrument: Instrument | None, now: Nanoseconds) -> str | None:
    """Why the order cannot be sent at ``now``; ``None`` when it can."""
    if instrument is None:
        return f"unknown instrument {ticket.instrument}"
    if ticket.valid_until is not None and now > ticket.valid_until:
        return f"valid until {ticket.valid_until}, and it is {now}"
    return next(_objections(ticket, instrument, now), None)


def _objections(ticket: Ticket, instrument: Instrument, now: Nanoseconds) -> Iterator[str]:
    name = ticket.client_order_id
    if not (name.strip() and name.isascii() and name.isprintable()):
        yield f"client_order_id {name!r} is not printable ASCII"
    yield from _unsound_numbers(ticket, instrument)
    yield from _unsound_type(ticket.terms)
    yield from _unsound_time(ticket.terms, now)
    if ticket.terms.is_bracket:
        yield from _unsound_bracket(ticket)


def _unsound_numbers(ticket: Ticket, instrument: Instrument) -> Iterator[str]:
    if not ticket.quantity.is_finite() or ticket.quantity <= 0:
        yield f"quantity {ticket.quantity} is not positive"
    elif ticket.quantity % instrument.lot_size:
        yield f"quantity {ticket.quantity} is no multiple of the lot size {instrument.lot_size}"
    for name in _PRICES:
        value: Decimal | None = getattr(ticket.terms, name)
        if value is None:
            continue
        if not value.is_finite() or value <= 0:
            yield f"{name} {value} is not positive"
        elif value % instrument.tick_size:
            yield f"{name} {value} is no multiple of the tick size {instrument.tick_size}"


def _unsound_type(terms: Terms) -> Iterator[str]:
    given = {name for name in ("price", "trigger", "trail") if getattr(terms, name) is not None}
    needed = _NEEDS[terms.type]
    for name in sorted(needed - given):
        yield f"a {terms.type} order needs a {name}"
    for name in sorted(given - needed - _MAY_HAVE.get(terms.type, frozenset())):
        yield f"a {terms.type} order has no {name}"
    if terms.post_only and "price" not in needed:
        yield f"a {terms.type} order cannot be post-only"


def _unsound_time(terms: Terms, now: Nanoseconds) -> Iterator[str]:
    until_date = terms.time_in_force is TimeInForce.GTD
    if until_date and terms.type is OrderType.MARKET:
        yield "a market order cannot be good till date"
    if until_date and terms.expire is None:
        yield "an order good till date needs an expire"
    if not until_date and terms.expire is not None:
        yield f"an order {terms.time_in_force} has no expire"
    if terms.expire is not None and terms.expire <= now:
        yield f"expires at {terms.expire}, and it is {now}"


def _unsound_bracket(ticket: Ticket) -> Iterator[str]:
    terms = ticket.terms
    if terms.type is OrderType.TRAILING_STOP:
        yield "a bracket's entry cannot trail"
    if terms.take_profit is None:
        yield "a bracket needs a take_profit"
    if terms.stop_loss is None and terms.stop_loss_trail is None:
        yield "a bracket needs a stop_loss or a stop_loss_trail"
    rising = [terms.stop_loss, terms.price or terms.trigger, terms.take_profit]
    levels = [level for level in rising if level is not None]
    if ticket.side is Side.SELL:
        levels.reverse()
    if any(lower >= higher for lower, higher in pairwise(levels)):
        yield f"a {ticket.side} bracket's stop_loss, entry and take_profit are out of order"
