"""Decimal text becomes integers exactly."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.feeds.text.decimals import Excess, decimal_places, mantissas

PRECISION = 5
INT64 = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)


@given(st.lists(INT64, min_size=1, max_size=20))
def test_every_64_bit_mantissa_survives_its_text(values: list[int]) -> None:
    texts = pa.array([format(Decimal(value).scaleb(-PRECISION), "f") for value in values])
    found = mantissas(texts, PRECISION)
    assert (found.values.tolist(), found.faults) == (values, {})


def test_a_price_that_no_float_holds_is_exact() -> None:
    # As a float, 1.38745 * 1e5 is 138744.99999999997.
    assert mantissas(pa.array(["1.38745"]), PRECISION).values.tolist() == [138745]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("1,5", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x10", "not_a_number"),
        ("", "missing"),
        ("  ", "missing"),
        ("1.387451", "too_precise"),
        ("1e-6", "too_precise"),
        ("92233720368547.75808", "too_large"),
        ("1e30", "too_large"),
        ("1e400", "too_large"),
        ("1e-400", "too_precise"),
        ("1e-44", "too_precise"),
        ("123456789e27", "too_large"),
        ("1" * 38, "too_large"),
        ("9" * 500, "too_large"),
        ("0." + "0" * 500 + "1", "too_precise"),
    ],
)
def test_an_odd_cell_is_told_apart_from_its_neighbours(text: str, reason: str) -> None:
    found = mantissas(pa.array(["1.5", text, "2"]), PRECISION)
    assert found.faults == {1: reason}
    assert found.values[[0, 2]].tolist() == [150000, 200000]


@pytest.mark.parametrize("text", [" 1.5", "1.5 ", "+1.5", "1.50000000", "1.5e0", "15e-1"])
def test_other_ways_to_write_a_number_are_understood(text: str) -> None:
    found = mantissas(pa.array([text]), PRECISION)
    assert (found.values.tolist(), found.faults) == ([150000], {})


def test_surplus_decimals_round_half_to_even_where_that_is_allowed() -> None:
    texts = pa.array(["2.5", "3.5", "33.35399601000002", "1"])
    found = mantissas(texts, 0, Excess.ROUND)
    assert found.values.tolist() == [2, 4, 33, 1]
    assert found.rounded == 3


def test_a_sliced_column_is_read_from_its_own_start() -> None:
    assert mantissas(pa.array(["1", "2", "3"]).slice(1), 0).values.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("texts", "places"),
    [(["1.38700", "1.3"], 3), (["100"], 0), (["0.00002853"], 8), (["nan", "", "x.yz"], 0), ([], 0)],
)
def test_counts_decimals_in_use(texts: list[str], places: int) -> None:
    assert decimal_places(pa.array(texts, pa.string())) == places
