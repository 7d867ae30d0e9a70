"""Profit to the cent: rounded as exact decimals of the venue's own binary amounts would be."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actors.portfolio.settlement import Holding, Scale, unrealised

CENTS = Scale(multiplier=1.0, digits=2, minor=100.0)


def gained(amount: float) -> Decimal:
    """What is said of a position of one unit whose price rose from ``-amount`` to 0."""
    return unrealised(Holding(Decimal(1), -amount, 1.0), Decimal(0), CENTS)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0.125, "0.13"),
        (-0.125, "-0.13"),
        (0.375, "0.38"),
        (0.124, "0.12"),
        (0.0, "0.00"),
        (-0.001, "-0.00"),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero_and_less_keeps_its_sign(
    amount: float, said: str
) -> None:
    assert str(gained(amount)) == said


@given(st.floats(-1e12, 1e12))
@example(0.0049999999999999996)
def test_a_profit_is_rounded_from_all_of_its_binary_digits(amount: float) -> None:
    exact = Decimal((0.0 + amount) * 100.0)
    assert str(gained(amount)) == str(exact.to_integral_value(ROUND_HALF_UP).scaleb(-2))
