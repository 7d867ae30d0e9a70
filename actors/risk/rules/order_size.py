"""The size of a single order. What only reduces is exempt: it cannot exceed what is held."""

from actors.risk.notional import notional
from actors.risk.verdicts import Case, Verdict, within


def max_order_quantity(case: Case) -> Verdict | None:
    """Units of the order."""
    limit = case.limits.max_order_quantity
    if limit is None:
        return None
    return within("max_order_quantity", limit, case.ticket.quantity, exempt=lambda: case.reduces)


def max_order_notional(case: Case) -> Verdict | None:
    """The order at the last mid, in the account's currency."""
    limit = case.limits.max_order_notional
    if limit is None:
        return None
    worth = notional(case.book, case.ticket.instrument, case.ticket.quantity)
    return within("max_order_notional", limit, worth, exempt=lambda: case.reduces)
