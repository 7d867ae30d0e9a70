"""Our book against the account of a real Nautilus engine: equal to the last minor unit."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nautilus_trader import model

from actors.portfolio.accounts import AccountConfig, AccountKind
from actors.portfolio.positions import Positions
from actors.portfolio.valuation import Valuation
from schemas.currencies import minor_digits
from schemas.market import Instrument, PriceType
from schemas.portfolio import PortfolioValued
from schemas.position import PositionChanged
from tests.actors.portfolio.nautilus_account import trade
from tests.support.rules import Scenario
from tests.support.trading import BTCUSD, ES, EURUSD, SPY, USDJPY, bar, quote

LEVELS = {
    EURUSD.id: 110_000,
    BTCUSD.id: 6_173_410,
    USDJPY.id: 101_234,
    ES.id: 6_650,
    SPY.id: 16_612,
}
SIZES = {EURUSD.id: 9_999, BTCUSD.id: 4_999, USDJPY.id: 9_999, ES.id: 9, SPY.id: 999}


@st.composite
def moves(draw: st.DrawFn, terms: Instrument) -> list[tuple[Decimal, Decimal]]:
    """Bids that walk in ticks, and signed sizes in lots, often back to flat or through it."""
    ticks, held, made = LEVELS[terms.id], 0, []
    for _ in range(draw(st.integers(1, 30))):
        ticks += draw(st.integers(-40, 40))
        most = SIZES[terms.id]
        size = draw(
            st.one_of(
                st.integers(-most, most).filter(bool),
                st.just(-held) if held else st.just(1),
                st.just(-2 * held) if held else st.just(-1),
            )
        )
        held += size
        made.append((ticks * terms.tick_size, size * terms.lot_size))
    return made


@pytest.mark.parametrize("terms", [EURUSD, BTCUSD, USDJPY, ES], ids=lambda terms: terms.symbol)
@given(data=st.data())
@settings(max_examples=25)
def test_a_margin_account_agrees_with_the_venues(terms: Instrument, data: st.DataObject) -> None:
    walked = data.draw(moves(terms))
    start = {terms.quote_currency: Decimal(50_000_000)}
    outcome = trade(terms, model.AccountType.MARGIN, start, walked)

    config = AccountConfig(currency=terms.quote_currency, balances=start, valuation_every_ms=0)
    book = Scenario(Valuation(config))
    book.given(terms, *outcome.fills)
    book.given(quote(terms, outcome.bid, outcome.ask))
    (said,) = book.when(bar(terms, outcome.bid, price_type=PriceType.BID))

    assert len(outcome.fills) == len(walked)
    assert book.state.ledger.cash == outcome.totals
    assert isinstance(said, PortfolioValued)
    assert said.balance == outcome.totals[terms.quote_currency]
    assert said.unrealised == outcome.unrealised
    book.assert_recovers()


@pytest.mark.parametrize(
    ("trades", "why"),
    [
        ([("68257.04", "2.229"), ("65240.04", "-0.875")], "sizes are doubles of a fixed point"),
        (
            [("89464.77", "4.092"), ("89464.77", "-3.467"), ("71193.13", "-0.625")],
            "what is held is a running sum of doubles",
        ),
    ],
)
def test_half_a_cent_goes_where_the_venues_arithmetic_sends_it(
    trades: list[tuple[str, str]], why: str
) -> None:
    walked = [
        (Decimal(price) - (BTCUSD.tick_size if Decimal(size) > 0 else 0), Decimal(size))
        for price, size in trades
    ]
    start = {"USD": Decimal(50_000_000)}
    outcome = trade(BTCUSD, model.AccountType.MARGIN, start, walked)

    book = Scenario(Valuation(AccountConfig(balances=start))).given(BTCUSD, *outcome.fills)

    assert [fill.price for fill in outcome.fills] == [Decimal(price) for price, _ in trades]
    assert book.state.ledger.cash == outcome.totals, why


@pytest.mark.parametrize("terms", [EURUSD, BTCUSD, SPY], ids=lambda terms: terms.symbol)
@given(data=st.data())
@settings(max_examples=25)
def test_a_cash_account_agrees_with_the_venues(terms: Instrument, data: st.DataObject) -> None:
    walked = data.draw(moves(terms))
    start = {"USD": Decimal(900_000_000)}
    if terms.base_currency is not None:
        start[terms.base_currency] = Decimal(1_000_000)
    outcome = trade(terms, model.AccountType.CASH, start, walked)

    book = Scenario(Valuation(AccountConfig(kind=AccountKind.CASH, balances=start)))
    book.given(terms, *outcome.fills)

    assert book.state.ledger.cash == outcome.totals
    book.assert_recovers()


@given(data=st.data())
@settings(max_examples=25)
def test_positions_add_up_to_the_venues_balance(data: st.DataObject) -> None:
    walked = data.draw(moves(EURUSD))
    start = Decimal(50_000_000)
    outcome = trade(EURUSD, model.AccountType.MARGIN, {"USD": start}, walked)

    positions = Scenario(Positions()).given(EURUSD)
    said = [answer for fill in outcome.fills for answer in positions.when(fill)]

    last = said[-1]
    assert isinstance(last, PositionChanged)
    assert last.quantity == sum(size for _, size in walked)
    assert (
        start + last.realised_total.amount - last.commission_total.amount == outcome.totals["USD"]
    )
    positions.assert_recovers()


CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY", "KRW", "XAU", "BTC", "ETH", "USDT", "ADA", "XRP")


@pytest.mark.parametrize("code", CURRENCIES)
def test_a_currency_counts_as_finely_as_at_the_venue(code: str) -> None:
    assert minor_digits(code) == model.Currency.from_str(code, strict=True).precision


def test_an_unlisted_coin_counts_as_finely_as_at_the_venue() -> None:
    assert minor_digits("QQQ") == model.Currency.from_str("QQQ").precision
