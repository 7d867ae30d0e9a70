"""Prices that make no sense: far from the market, or from a market that was long ago."""

from decimal import Decimal

from actors.risk.rules.pace import MILLISECOND_NS
from actors.risk.verdicts import Case, Verdict, within
from schemas.order import OrderType
from schemas.quantities import Price


def price_collar(case: Case) -> Verdict | None:
    """The larger distance of limit and stop price from the last mid, as a fraction of it.

    It holds for what reduces, too: a mistyped price harms on the way out as well.
    """
    limit = case.limits.price_collar
    prices = [p for p in (case.ticket.terms.price, case.ticket.terms.trigger) if p is not None]
    if limit is None or not prices:
        return None
    mark = case.book.marks.get(case.ticket.instrument)
    if mark is None or mark.mid == 0:
        return within("price_collar", limit, None)
    return within("price_collar", limit, _farthest(prices, mark.mid))


def max_price_age(case: Case) -> Verdict | None:
    """How long ago a market order's instrument had a price, in milliseconds of market time."""
    limit_ms = case.limits.max_price_age_ms
    if limit_ms is None or case.ticket.terms.type is not OrderType.MARKET:
        return None
    mark = case.book.marks.get(case.ticket.instrument)
    age_ms = None if mark is None else Decimal(case.now - mark.ts) / MILLISECOND_NS
    return within("max_price_age", Decimal(limit_ms), age_ms, exempt=lambda: case.reduces)


def _farthest(prices: list[Price], mid: Price) -> Decimal:
    return max(abs(price - mid) / abs(mid) for price in prices)
