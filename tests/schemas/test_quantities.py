from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.quantities import from_mantissa, nanoseconds, rounded, to_multiple

PRECISIONS = st.integers(min_value=0, max_value=9)
MANTISSAS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=12)
TICKS = st.sampled_from([Decimal(t) for t in ("0.00001", "0.001", "0.25", "1", "0.5", "1000")])


@given(MANTISSAS, PRECISIONS)
def test_a_mantissa_becomes_its_decimal_exactly(mantissa: int, precision: int) -> None:
    value = from_mantissa(mantissa, precision)
    assert Fraction(value) == Fraction(mantissa, 10**precision)


@given(MANTISSAS, PRECISIONS)
def test_rounding_what_already_has_the_precision_changes_nothing(
    mantissa: int, precision: int
) -> None:
    value = from_mantissa(mantissa, precision)
    assert rounded(value, precision) == value


@given(AMOUNTS, PRECISIONS)
def test_rounding_moves_by_half_a_unit_at_most_and_keeps_the_places(
    value: Decimal, precision: int
) -> None:
    near = rounded(value, precision)
    assert near.as_tuple().exponent == -precision
    assert abs(near - value) * 2 <= Decimal(1).scaleb(-precision)


def test_half_goes_to_even() -> None:
    assert [rounded(half, 2) for half in ("0.125", "0.135", "-0.125")] == [
        Decimal("0.12"),
        Decimal("0.14"),
        Decimal("-0.12"),
    ]


@given(st.floats(min_value=-(10**6), max_value=10**6))
def test_a_float_is_taken_as_it_prints(value: float) -> None:
    assert rounded(value, 5) == rounded(repr(value), 5)


def test_a_float_is_not_rounded_by_its_binary_tail() -> None:
    assert rounded(2.675, 2) == Decimal("2.68")
    assert Fraction(2.675) < Fraction("2.675"), "the binary number is below the half"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), "price"])
def test_refuses_what_is_no_finite_number(value: float | Decimal | str) -> None:
    with pytest.raises(InvalidOperation):
        rounded(value, 2)


@given(AMOUNTS, TICKS)
def test_the_nearest_multiple_is_a_multiple_and_near(value: Decimal, tick: Decimal) -> None:
    near = to_multiple(value, tick)
    assert near % tick == 0
    assert abs(near - value) * 2 <= tick


@pytest.mark.parametrize(
    ("moment", "ns"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1_000),
        (datetime.fromisoformat("2014-05-01T12:00:00.123457"), 1_398_945_600_123_457_000),
        (datetime(2014, 5, 1, 7, tzinfo=timezone(timedelta(hours=-5))), 1_398_945_600_000_000_000),
    ],
)
def test_a_moment_is_nanoseconds_to_the_microsecond(moment: datetime, ns: int) -> None:
    assert nanoseconds(moment) == ns
