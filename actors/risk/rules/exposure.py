"""What the account would be exposed to if the worst of its working orders traded, this one too.

An order that does not add to the worst case is never stopped here, even when prices have carried
the book beyond a limit: it could only make things better.
"""

from decimal import Decimal

from actors.risk.notional import gross_notional
from actors.risk.verdicts import Case, Verdict, within


def max_position(case: Case) -> Verdict | None:
    """Units of the account's net position in the instrument."""
    limit = case.limits.position_limit(case.ticket.instrument)
    if limit is None:
        return None
    return within("max_position", limit, case.after.most, exempt=lambda: case.adds_nothing)


def max_gross_notional(case: Case) -> Verdict | None:
    """Absolute notionals of all instruments, in the account's currency."""
    limit = case.limits.max_gross_notional
    if limit is None:
        return None
    gross = gross_notional(case.book, case.ticket.instrument, case.after)
    return within("max_gross_notional", limit, gross, exempt=lambda: case.adds_nothing)


def max_leverage(case: Case) -> Verdict | None:
    """Absolute notionals of all instruments over equity."""
    limit = case.limits.max_leverage
    if limit is None:
        return None
    leverage = _leverage(case)
    return within("max_leverage", limit, leverage, exempt=lambda: case.adds_nothing)


def _leverage(case: Case) -> Decimal | None:
    standing = case.book.standing
    gross = gross_notional(case.book, case.ticket.instrument, case.after)
    if standing is None or gross is None or standing.equity <= 0:
        return None
    return gross / standing.equity
