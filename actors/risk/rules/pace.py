"""How many orders in how much time: the fuse of a runaway loop."""

from actors.risk.verdicts import Case, Verdict
from schemas.order import Check
from schemas.quantities import Nanoseconds

MILLISECOND_NS = 1_000_000


def max_orders(case: Case) -> Verdict | None:
    """Approvals within the window that ends now, this one included."""
    limits = case.limits
    if limits.max_orders is None:
        return None
    recent = len(recent_approvals(case.book.approvals, case.now, limits.order_window_ms)) + 1
    check = Check("max_orders", f"{limits.max_orders} in {limits.order_window_ms} ms", str(recent))
    return Verdict(check, recent <= limits.max_orders or case.reduces)


def recent_approvals(
    approvals: tuple[Nanoseconds, ...], now: Nanoseconds, window_ms: int
) -> tuple[Nanoseconds, ...]:
    """Those that came less than a window ago."""
    return tuple(ts for ts in approvals if ts > now - window_ms * MILLISECOND_NS)
