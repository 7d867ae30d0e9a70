"""Decimal text to integers, exactly: never through a binary float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from actors.feeds.rows import Bools, Int64s

_DIGITS: Final = 38
_CAST_LENGTH_MAX: Final = 28
_INT64_MAX: Final = (1 << 63) - 1
_EXACT: Final = Context(prec=400)


class Excess(StrEnum):
    """What to do with decimals beyond the precision."""

    REFUSE = "refuse"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Mantissas:
    """Values in units of ``10**-precision``, and the cells that have none.

    Attributes:
        faults: reason by index, for cells whose value does not count.
        rounded: how many values lost decimals.
    """

    values: Int64s
    faults: dict[int, str]
    rounded: int = 0


def mantissas(texts: pa.StringArray, precision: int, excess: Excess = Excess.REFUSE) -> Mantissas:
    """Each text as an integer.

    An ordinary block takes one cast. Of a block with anything odd in it, the odd cells are looked
    at one by one.
    """
    try:
        return Mantissas(_cast(texts, precision), {})
    except pa.ArrowInvalid:
        return _one_by_one(texts, precision, excess)


def decimal_places(texts: pa.StringArray) -> int:
    """The most decimals in use, trailing zeros not counted; text that is no number has none."""
    parts = pc.split_pattern(texts, ".", max_splits=1)
    fractions = pc.list_element(parts.filter(pc.greater(pc.list_value_length(parts), 1)), 1)
    digits = pc.utf8_rtrim(fractions, "0").filter(pc.utf8_is_digit(fractions))
    return int(pc.max(pc.utf8_length(digits)).as_py() or 0)


def _cast(texts: pa.StringArray, precision: int) -> Int64s:
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > _CAST_LENGTH_MAX or _has_exponent(texts):
        # Arrow 26 wraps around, or gives zero, without an error where its 38 digits do not suffice.
        raise pa.ArrowInvalid("a number may exceed what the cast can hold")
    decimals = pc.cast(texts, pa.decimal128(_DIGITS, precision))
    halves = np.frombuffer(decimals.buffers()[1], dtype=np.int64).reshape(-1, 2)
    halves = halves[decimals.offset : decimals.offset + len(decimals)]
    low, high = halves[:, 0], halves[:, 1]
    if (high != low >> 63).any():
        raise pa.ArrowInvalid("a value exceeds 64 bits")
    return np.ascontiguousarray(low)


def _has_exponent(texts: pa.StringArray) -> bool:
    characters = texts.buffers()[2]
    body = b"" if characters is None else characters.to_pybytes()
    return b"e" in body or b"E" in body


def _one_by_one(texts: pa.StringArray, precision: int, excess: Excess) -> Mantissas:
    plain = _is_plain(texts, precision)
    values = np.zeros(len(texts), dtype=np.int64)
    values[plain] = _cast(texts.filter(pa.array(plain)), precision)
    faults: dict[int, str] = {}
    rounded = 0
    for index in np.flatnonzero(~plain).tolist():
        exact = _scaled(texts[index].as_py(), precision)
        if isinstance(exact, str):
            faults[index] = exact
            continue
        whole = int(exact.to_integral_value(ROUND_HALF_EVEN))
        if whole != exact:
            if excess is Excess.REFUSE:
                faults[index] = "too_precise"
                continue
            rounded += 1
        values[index] = whole
    return Mantissas(values, faults, rounded)


def _is_plain(texts: pa.StringArray, precision: int) -> Bools:
    """Cells that the cast takes without question: 18 digits at most, no decimal too many."""
    pattern = rf"^[+-]?[0-9]{{1,{18 - precision}}}(\.[0-9]{{0,{precision}}})?$"
    found: Bools = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found


def _scaled(text: str, precision: int) -> Decimal | str:
    """The exact value in units of the precision, or the reason why there is none."""
    if not text.strip():
        return "missing"
    try:
        value = Decimal(text.strip().replace("_", "?"))
    except InvalidOperation:
        return "not_a_number"
    if not value.is_finite():
        return "not_a_number"
    if value and value.adjusted() + precision > 19:
        return "too_large"
    scaled = value.scaleb(precision, _EXACT)
    return scaled if abs(scaled) <= _INT64_MAX else "too_large"
