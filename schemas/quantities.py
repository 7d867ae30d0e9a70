"""Exact numbers: prices, quantities and money are decimals, never binary floats."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Final

import msgspec

type Price = Decimal
"""A price in the quote currency of its instrument."""

type Quantity = Decimal
"""A size in units (shares, contracts, base currency) of its instrument."""

type Nanoseconds = int
"""A UTC time in nanoseconds since 1970-01-01, or a duration in nanoseconds."""

SECOND_NS: Final = 1_000_000_000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_UNITS: Final = tuple(Decimal(1).scaleb(-digits) for digits in range(20))


class Money(msgspec.Struct, frozen=True):
    """An exact amount in one currency (ISO 4217 code, or the coin's ticker)."""

    amount: Decimal
    currency: str


def nanoseconds(moment: datetime) -> Nanoseconds:
    """A moment to its microsecond, exactly; one without an offset is UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND * 1000


def rounded(value: Decimal | float | str, precision: int) -> Decimal:
    """``value`` with exactly ``precision`` decimal places (0 to 19), half to even.

    Raises:
        decimal.InvalidOperation: ``value`` is no finite number.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise InvalidOperation(f"{value} is no finite number")
    return exact.quantize(_UNITS[precision], rounding=ROUND_HALF_EVEN)


def from_mantissa(mantissa: int, precision: int) -> Decimal:
    """The decimal ``mantissa * 10**-precision``, exactly."""
    return Decimal(mantissa).scaleb(-precision)


def to_multiple(value: Decimal, step: Decimal) -> Decimal:
    """``value`` moved to the nearest multiple of ``step`` (a tick or lot size)."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step
