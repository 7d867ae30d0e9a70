"""What units are worth in the account's currency."""

from decimal import Decimal

from actors.portfolio.conversion import rate
from actors.risk.book import RiskBook
from actors.risk.reach import Reach, reach
from schemas.quantities import Quantity


def notional(book: RiskBook, instrument: str, quantity: Quantity) -> Decimal | None:
    """``quantity`` units at the last mid; ``None`` when a price or the account is not known yet."""
    if quantity == 0:
        return Decimal(0)
    terms, mark = book.instruments.get(instrument), book.marks.get(instrument)
    if terms is None or mark is None or book.standing is None:
        return None
    price = rate(terms.quote_currency, book.standing.currency, book.instruments, book.marks)
    return None if price is None else quantity * terms.multiplier * abs(mark.mid) * price


def gross_notional(book: RiskBook, instrument: str, reached: Reach) -> Decimal | None:
    """The farthest reach of every instrument, that of ``instrument`` being ``reached``, added up.

    ``None`` when one of them cannot be priced.
    """
    traded = (name for _, name in book.blotter.net)
    working = (order.instrument for order in book.blotter.working.values())
    total = Decimal(0)
    for name in dict.fromkeys((instrument, *traded, *working)):
        farthest = (reached if name == instrument else reach(book.blotter, name)).most
        worth = notional(book, name, farthest)
        if worth is None:
            return None
        total += worth
    return total
