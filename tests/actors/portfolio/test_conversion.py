from decimal import Decimal

import pytest

from actors.portfolio.conversion import rate
from actors.portfolio.prices import Mark
from tests.support.trading import BTCUSD, ES, EURGBP, EURUSD, USDJPY

INSTRUMENTS = {terms.id: terms for terms in (EURUSD, USDJPY, EURGBP, BTCUSD, ES)}
MARKS = {
    EURUSD.id: Mark(Decimal("1.2"), Decimal("1.3"), 0),
    USDJPY.id: Mark(Decimal(100), Decimal(100), 0),
    EURGBP.id: Mark(Decimal("0.8"), Decimal("0.8"), 0),
    ES.id: Mark(Decimal(1680), Decimal(1680), 0),
}


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("USD", "USD", "1"),
        ("EUR", "USD", "1.25"),
        ("USD", "EUR", "0.8"),
        ("EUR", "JPY", "125.00"),
        ("GBP", "JPY", "156.25"),
        ("JPY", "GBP", "0.0064"),
    ],
)
def test_converts_along_the_shortest_chain_of_mids(source: str, target: str, expected: str) -> None:
    assert rate(source, target, INSTRUMENTS, MARKS) == Decimal(expected)


@pytest.mark.parametrize("source", ["BTC", "CHF", "ESZ3"])
def test_says_nothing_where_no_price_leads(source: str) -> None:
    assert rate(source, "USD", INSTRUMENTS, MARKS) is None
