"""From one currency to another, at the mids of the pairs that the market told."""

from collections import deque
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from actors.portfolio.prices import Marks
from schemas.currencies import minor_unit
from schemas.market import AssetClass, Instrument

type Instruments = Mapping[str, Instrument]

_PAIRS: Final = (AssetClass.FX, AssetClass.CRYPTO_SPOT, AssetClass.CFD)
"""Kinds of instrument whose price is how much of the quote currency one base unit costs."""


def rate(source: str, target: str, instruments: Instruments, marks: Marks) -> Decimal | None:
    """How much of ``target`` one unit of ``source`` is worth; ``None`` when no pairs tell.

    The shortest chain wins, and of equally short ones the pair that was declared first.
    """
    if source == target:
        return Decimal(1)
    seen = {source: Decimal(1)}
    queue = deque((source,))
    while queue:
        currency = queue.popleft()
        for other, price in _neighbours(currency, instruments, marks):
            if other in seen:
                continue
            seen[other] = seen[currency] * price
            if other == target:
                return seen[other]
            queue.append(other)
    return None


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """``amount`` rounded half to even to the currency's minor unit, as venues round decimals."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_EVEN)


def settlement_currency(instrument: Instrument) -> str:
    """The currency in which an instrument's profit is booked."""
    return instrument.settlement_currency or instrument.quote_currency


def _neighbours(
    currency: str, instruments: Instruments, marks: Marks
) -> Iterator[tuple[str, Decimal]]:
    for name, instrument in instruments.items():
        base, quote = instrument.base_currency, instrument.quote_currency
        if base is None or instrument.asset_class not in _PAIRS or currency not in (base, quote):
            continue
        mark = marks.get(name)
        if mark is None or mark.mid <= 0:
            continue
        if currency == base:
            yield quote, mark.mid
        else:
            yield base, 1 / mark.mid
