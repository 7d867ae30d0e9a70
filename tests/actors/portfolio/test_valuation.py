from decimal import Decimal

import pytest
from msgspec.structs import replace

from actors.portfolio.accounts import AccountConfig, AccountKind
from actors.portfolio.valuation import Valuation, ValuationState
from schemas.alert import AlertRaised
from schemas.market import PriceType
from schemas.portfolio import PortfolioValued
from schemas.quantities import Money
from schemas.registry import Payload
from tests.support.rules import Scenario
from tests.support.trading import (
    BTCUSD,
    ES,
    EURGBP,
    EURUSD,
    MINUTE_NS,
    SPY,
    USDJPY,
    bar,
    fill,
    quote,
    ticket,
)


def scenario(
    *, currency: str = "USD", kind: AccountKind = AccountKind.MARGIN, **balances: str
) -> Scenario[ValuationState]:
    config = AccountConfig(
        currency=currency,
        balances={code: Decimal(amount) for code, amount in balances.items()},
        kind=kind,
        valuation_every_ms=0,
    )
    return Scenario(Valuation(config)).given(EURUSD, USDJPY, EURGBP, BTCUSD, ES, SPY)


def only_valuation(said: list[Payload]) -> PortfolioValued:
    (valued,) = said
    assert isinstance(valued, PortfolioValued)
    return valued


def test_an_untouched_account_is_worth_its_cash() -> None:
    said = only_valuation(scenario(USD="1000.5").when(bar(EURUSD, "1.1")))
    assert (said.balance, said.unrealised, said.exposure) == (
        Decimal("1000.50"),
        Decimal("0.00"),
        Decimal("0.00"),
    )


def test_an_account_is_valued_at_the_ticks_of_a_strategy_without_bars() -> None:
    said = only_valuation(scenario(USD="1000").when(quote(EURUSD, "1.1", "1.2")))
    assert said.equity == Decimal("1000.00")


def test_a_fill_is_followed_by_a_valuation_at_its_price() -> None:
    commission = Money(Decimal("0.35"), "USD")
    said = only_valuation(
        scenario(USD="1000").when(fill(ticket(EURUSD, 500), "1.1", commission=commission))
    )
    assert (said.balance, said.unrealised, said.equity) == (
        Decimal("999.65"),
        Decimal("0.00"),
        Decimal("999.65"),
    )
    assert said.exposure == Decimal("550.00")


@pytest.mark.parametrize(("signed", "unrealised"), [(1000, "-2.00"), (-1000, "-3.00")])
def test_what_is_held_is_marked_at_the_price_that_would_close_it(
    signed: int, unrealised: str
) -> None:
    told = scenario(USD="1000").given(fill(ticket(EURUSD, signed), "1.10000"))
    told.given(quote(EURUSD, "1.09800", "1.10300"))
    assert only_valuation(told.when(bar(USDJPY, "101"))).unrealised == Decimal(unrealised)


def test_valuations_at_bars_keep_their_spacing() -> None:
    told = Scenario(Valuation(AccountConfig(valuation_every_ms=60_000))).given(EURUSD)
    said = [
        bool(told.at(ts).when(bar(EURUSD, "1.1"))) for ts in range(0, 3 * MINUTE_NS, MINUTE_NS // 4)
    ]
    assert said == [True, False, False, False] * 3


def test_drawdown_is_the_fall_from_the_highest_equity() -> None:
    told = scenario(USD="1000").given(fill(ticket(EURUSD, 1000), "1.0"))
    told.given(bar(EURUSD, "1.5"))
    said = only_valuation(told.when(bar(EURUSD, "1.2")))
    assert (said.equity, said.peak) == (Decimal("1200.00"), Decimal("1500.00"))
    assert said.drawdown == pytest.approx(0.2)


def test_a_lost_account_has_a_drawdown_of_one_and_no_more() -> None:
    told = scenario(USD="100").given(fill(ticket(EURUSD, 1000), "1.0"))
    assert only_valuation(told.when(bar(EURUSD, "0.5"))).drawdown == 1.0


def test_profit_in_another_currency_is_kept_in_it_and_converted_to_be_valued() -> None:
    told = scenario(USD="1000", JPY="0").given(fill(ticket(USDJPY, 1000), "100.000"))
    told.given(fill(ticket(USDJPY, -1000), "101.000", trade_id="T2"))
    said = only_valuation(told.when(bar(USDJPY, "125.000")))
    assert told.state.ledger.cash == {"USD": Decimal(1000), "JPY": Decimal(1000)}
    assert said.balance == Decimal("1008.00")


def test_a_conversion_may_go_over_a_third_currency() -> None:
    told = scenario(USD="0", GBP="800").given(bar(EURGBP, "0.8"))
    assert only_valuation(told.when(bar(EURUSD, "1.1"))).balance == Decimal("1100.00")


def test_what_cannot_be_converted_is_told_once_and_never_valued_as_nothing() -> None:
    told = scenario(USD="1000", JPY="50000")
    (alert,) = told.when(bar(EURUSD, "1.1"))
    assert isinstance(alert, AlertRaised)
    assert alert.title == "No price converts JPY to USD"
    assert told.when(bar(EURUSD, "1.1")) == []
    assert only_valuation(told.when(bar(USDJPY, "100"))).balance == Decimal("1500.00")
    told.assert_recovers()


def test_amounts_count_in_the_currencys_minor_unit() -> None:
    yen = scenario(currency="JPY", JPY="1000").given(fill(ticket(USDJPY, 3), "100.111"))
    assert only_valuation(yen.when(bar(USDJPY, "100.999"))).unrealised == Decimal(3)
    coins = scenario(currency="BTC", BTC="2")
    assert str(only_valuation(coins.when(bar(BTCUSD, "60000"))).balance) == "2.00000000"


def test_a_futures_multiplier_counts_in_profit_and_exposure() -> None:
    told = scenario(USD="100000").given(fill(ticket(ES, 2), "1680.25"))
    said = only_valuation(told.when(bar(ES, "1681.00")))
    assert (said.unrealised, said.exposure) == (Decimal("75.00"), Decimal("168100.00"))


def test_a_cash_account_pays_for_shares_and_still_owns_them() -> None:
    told = scenario(kind=AccountKind.CASH, USD="10000").given(fill(ticket(SPY, 10), "166.00"))
    said = only_valuation(told.when(bar(SPY, "167.00")))
    assert told.state.ledger.cash == {"USD": Decimal(8340)}
    assert (said.balance, said.unrealised, said.equity) == (
        Decimal("10000.00"),
        Decimal("10.00"),
        Decimal("10010.00"),
    )


def test_a_cash_account_swaps_one_currency_for_the_other() -> None:
    told = scenario(kind=AccountKind.CASH, USD="100000", BTC="1")
    told.given(fill(ticket(BTCUSD, "0.5"), "60000.00"))
    said = only_valuation(told.when(bar(BTCUSD, "62000.00")))
    assert told.state.ledger.cash == {"USD": Decimal(70000), "BTC": Decimal("1.5")}
    assert (said.unrealised, said.equity) == (Decimal("1000.00"), Decimal("163000.00"))


def test_a_venue_may_have_an_account_of_another_kind() -> None:
    config = AccountConfig(kinds={"SIM": AccountKind.CASH}, balances={"USD": Decimal(10000)})
    told = Scenario(Valuation(config)).given(SPY, fill(ticket(SPY, 10), "166.00"))
    assert told.state.ledger.cash == {"USD": Decimal(8340)}


def test_positions_that_the_venue_keeps_apart_do_not_net() -> None:
    told = scenario(USD="1000")
    for number, (signed, price) in enumerate([(1000, "1.10"), (-1000, "1.20")]):
        filled = fill(ticket(EURUSD, signed), price, trade_id=f"T{number}")
        told.given(replace(filled, position_id=f"P-{number}"))
    assert told.state.ledger.cash == {"USD": Decimal(1000)}
    assert len(told.state.ledger.holdings) == 2


def test_a_trade_that_was_seen_before_moves_no_money() -> None:
    filled = fill(ticket(EURUSD, 1000), "1.1", commission=Money(Decimal(1), "USD"))
    told = scenario(USD="1000").given(filled, filled)
    assert told.state.ledger.cash == {"USD": Decimal(999)}


def test_without_configured_balances_there_is_a_million_of_the_accounts_currency() -> None:
    said = only_valuation(scenario(currency="EUR").when(bar(EURUSD, "1.1")))
    assert (said.balance, said.currency) == (Decimal("1000000.00"), "EUR")


def test_bars_of_bids_and_asks_mark_each_its_side() -> None:
    told = scenario(USD="1000").given(fill(ticket(EURUSD, -1000), "1.10000"))
    told.given(bar(EURUSD, "1.09000", price_type=PriceType.BID))
    said = only_valuation(told.when(bar(EURUSD, "1.09500", price_type=PriceType.ASK)))
    assert said.unrealised == Decimal("5.00")
