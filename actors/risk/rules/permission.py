"""Whether the order may be sent at all."""

from actors.risk.verdicts import Case, Verdict, shown
from schemas.order import Check
from schemas.risk import RiskState


def sound(case: Case) -> Verdict:
    """The order is about something: a known instrument, a positive quantity, prices that exist."""
    ticket = case.ticket
    if ticket.instrument not in case.book.instruments:
        return Verdict(Check("sound", "a known instrument", ticket.instrument), passed=False)
    if not (ticket.quantity.is_finite() and ticket.quantity > 0):
        return Verdict(Check("sound", "a positive quantity", str(ticket.quantity)), passed=False)
    for price in (ticket.terms.price, ticket.terms.trigger):
        if price is not None and not price.is_finite():
            return Verdict(Check("sound", "a finite price", str(price)), passed=False)
    return Verdict(Check("sound", "a positive quantity", shown(ticket.quantity)), passed=True)


def unique(case: Case) -> Verdict:
    """No order of that name works already."""
    name = case.ticket.client_order_id
    return Verdict(Check("unique", "not working", name), name not in case.book.blotter.working)


def state(case: Case) -> Verdict:
    """Reduce-only lets pass what only reduces, which excludes a flip; halted lets nothing pass."""
    mode = case.book.mode
    passed = mode is RiskState.NORMAL or (mode is RiskState.REDUCE_ONLY and case.reduces)
    return Verdict(Check("state", RiskState.NORMAL.value, mode.value), passed)


def paused(case: Case) -> Verdict | None:
    """While an operator has paused the cell only what reduces may pass."""
    if not case.book.paused:
        return None
    return Verdict(Check("paused", "resumed", "paused"), case.reduces)


def recovery(case: Case) -> Verdict:
    """Until the cell is live only what reduces may pass."""
    is_live = case.book.live
    check = Check("recovery", "live", "live" if is_live else "recovering")
    return Verdict(check, is_live or case.reduces)


def instrument(case: Case) -> Verdict | None:
    """The instrument is on the list of those that may be opened."""
    allowed, name = case.limits.instruments, case.ticket.instrument
    if allowed is None:
        return None
    return Verdict(Check("instrument", ", ".join(allowed), name), case.reduces or name in allowed)


def valid_until(case: Case) -> Verdict | None:
    """The order's time has not passed, in nanoseconds of market time."""
    limit = case.ticket.valid_until
    if limit is None:
        return None
    return Verdict(Check("valid_until", str(limit), str(case.now)), case.now <= limit)
