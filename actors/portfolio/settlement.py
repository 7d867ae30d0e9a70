"""What a fill does to a net position, and what it pays: to the cent as the venue books it.

The book must agree with the venue's, and NautilusTrader's accounts settle in binary64: the open
price is averaged there, and a profit is rounded half away from zero to the currency's minor unit,
once a fill. Exact decimals would differ by a cent wherever a profit ends in half a cent, and each
such cent would be a false alarm in reconciliation. So this one file, and no other, does what the
venue does, operation by operation; what leaves it are decimals (docs/decisions/0009).
"""

from decimal import Decimal
from math import copysign
from typing import Final

import msgspec

from actors.portfolio.conversion import settlement_currency
from schemas.currencies import minor_digits
from schemas.market import Instrument

_FIXED: Final = Decimal(10**16)
"""The venue holds prices and sizes as integers of 10**-16."""

_FIXED_SCALAR: Final = float(_FIXED)


class Holding(msgspec.Struct, frozen=True, gc=False):
    """A net position in one instrument.

    Attributes:
        quantity: signed units; negative is short.
        average: price at which what is held was opened; meaningless when flat.
        units: the venue's running sum of signed units, which may drift from ``quantity`` by less
            than any lot.
    """

    quantity: Decimal = Decimal(0)
    average: float = 0.0
    units: float = 0.0

    @property
    def average_price(self) -> Decimal | None:
        """The open price to ten decimals, without trailing zeros; ``None`` when flat."""
        if self.quantity == 0:
            return None
        return Decimal(f"{self.average:.10f}".rstrip("0").rstrip("."))


FLAT: Final = Holding()


class Scale(msgspec.Struct, frozen=True, gc=False):
    """How an instrument's prices become money.

    Attributes:
        multiplier: value of one unit's move of 1.0 in price, as the venue holds it.
        digits: decimal places of the settlement currency.
        minor: how many of its smallest amounts make one.
    """

    multiplier: float
    digits: int
    minor: float


def scale_of(instrument: Instrument) -> Scale:
    """How the instrument's prices become money."""
    multiplier = 1.0 if instrument.multiplier == 1 else _binary(instrument.multiplier)
    digits = minor_digits(settlement_currency(instrument))
    return Scale(multiplier, digits, float(10**digits))


def settle(
    holding: Holding, signed: Decimal, price: Decimal, scale: Scale
) -> tuple[Holding, Decimal]:
    """The position after a fill of ``signed`` units, and the profit it realised.

    A fill against the position realises on what it closes; what goes beyond it opens the other
    way at the fill's price.
    """
    held = holding.quantity
    if held == 0:
        return _opened(signed, price), _no_money(scale)
    if (held > 0) == (signed > 0):
        return _increased(holding, signed, price), _no_money(scale)
    closed = min(abs(signed), abs(held))
    realised = _profit(holding, _binary(closed), price, scale)
    left = held + signed
    if left == 0:
        return FLAT, realised
    if (left > 0) != (held > 0):
        return _opened(left, price), realised
    return Holding(left, holding.average, holding.units + _binary(signed)), realised


def unrealised(holding: Holding, price: Decimal, scale: Scale) -> Decimal:
    """The profit of closing the whole position at ``price``."""
    if holding.quantity == 0:
        return _no_money(scale)
    return _profit(holding, _binary(abs(holding.quantity)), price, scale)


def _opened(signed: Decimal, price: Decimal) -> Holding:
    return Holding(signed, _binary(price), _binary(signed))


def _increased(holding: Holding, signed: Decimal, price: Decimal) -> Holding:
    held, added = _binary(abs(holding.quantity)), _binary(abs(signed))
    average = (holding.average * held + _binary(price) * added) / (held + added)
    return Holding(holding.quantity + signed, average, holding.units + _binary(signed))


def _profit(holding: Holding, closed: float, price: Decimal, scale: Scale) -> Decimal:
    at = _binary(price)
    points = at - holding.average if holding.quantity > 0 else holding.average - at
    profit = min(closed, abs(holding.units)) * scale.multiplier * points
    return _money(profit * scale.minor, scale.digits)


def _money(minor: float, digits: int) -> Decimal:
    """An amount in smallest units, rounded half away from zero; what is nothing keeps its sign."""
    whole = int(minor)
    if abs(minor - whole) >= 0.5:  # A float less its whole part is exact.
        whole += 1 if minor > 0 else -1
    amount = Decimal(whole).scaleb(-digits)
    return amount if whole or copysign(1.0, minor) > 0 else amount.copy_negate()


def _binary(value: Decimal) -> float:
    return int(value * _FIXED) / _FIXED_SCALAR


def _no_money(scale: Scale) -> Decimal:
    return Decimal(0).scaleb(-scale.digits)
