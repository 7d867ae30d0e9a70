"""Columns: a name, how ClickHouse stores it, and how Arrow carries it there."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

import pyarrow as pa

DECIMAL_PLACES: Final = 18
DECIMAL: Final = f"Decimal(76, {DECIMAL_PLACES})"
"""Prices, sizes and money. 256 bits, because ClickHouse does not see 128-bit products overflow."""

_CONTEXT: Final = Context(prec=76, rounding=ROUND_HALF_EVEN)
_SMALLEST: Final = Decimal(1).scaleb(-DECIMAL_PLACES)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: the same in ClickHouse and Arrow.
        type: ClickHouse's type, with its codec.
        arrow: type of the Arrow array that is inserted.
    """

    name: str
    type: str
    arrow: pa.DataType


def text(name: str) -> Column:
    """A string that mostly differs from row to row, such as an id."""
    return Column(name, "String CODEC(ZSTD(1))", pa.string())


def term(name: str) -> Column:
    """A string out of a few, such as an instrument."""
    return Column(name, "LowCardinality(String)", pa.string())


def whole(name: str) -> Column:
    """A signed number of 64 bits."""
    return Column(name, "Int64 CODEC(Delta, ZSTD(1))", pa.int64())


def number(name: str) -> Column:
    """A floating-point number; for what is no price, size or money."""
    return Column(name, "Float64", pa.float64())


def flag(name: str) -> Column:
    """True or false."""
    return Column(name, "Bool", pa.bool_())


def time(name: str) -> Column:
    """UTC, in nanoseconds."""
    kind = "DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1))"
    return Column(name, kind, pa.timestamp("ns", tz="UTC"))


def optional_time(name: str) -> Column:
    """A time that may be missing."""
    return Column(name, "Nullable(DateTime64(9, 'UTC'))", pa.timestamp("ns", tz="UTC"))


def exact(name: str) -> Column:
    """An exact decimal."""
    return Column(name, DECIMAL, pa.decimal256(76, DECIMAL_PLACES))


def optional_exact(name: str) -> Column:
    """An exact decimal that may be missing."""
    return Column(name, f"Nullable({DECIMAL})", pa.decimal256(76, DECIMAL_PLACES))


def optional_whole(name: str) -> Column:
    """A signed number that may be missing."""
    return Column(name, "Nullable(Int64)", pa.int64())


def numbers(name: str) -> Column:
    """Named floating-point numbers."""
    return Column(name, "Map(String, Float64)", pa.map_(pa.string(), pa.float64()))


def texts(name: str) -> Column:
    """Named strings."""
    return Column(name, "Map(String, String)", pa.map_(pa.string(), pa.string()))


def fitting(value: Decimal) -> Decimal:
    """The value with at most 18 decimal places, half to even; the payload keeps those beyond."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMAL_PLACES:
        return value.quantize(_SMALLEST, context=_CONTEXT)
    return value
