from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.portfolio.positions import Positions, PositionsState
from actors.portfolio.settlement import scale_of, unrealised
from schemas.market import Instrument
from schemas.order import OrderFilled
from schemas.position import PositionChanged
from schemas.quantities import Money
from tests.support.rules import Scenario
from tests.support.trading import BTCUSD, ES, EURUSD, USDJPY, fill, ticket

CENT = Decimal("0.01")


def scenario(instrument: Instrument = EURUSD) -> Scenario[PositionsState]:
    return Scenario(Positions()).given(instrument)


def trade(instrument: Instrument, signed: int | str, price: str, number: int = 1) -> OrderFilled:
    return fill(ticket(instrument, signed), price, trade_id=f"T{number}")


def changed(told: Scenario[PositionsState], filled: OrderFilled) -> PositionChanged:
    (answer,) = told.when(filled)
    assert isinstance(answer, PositionChanged)
    return answer


def test_the_first_fill_opens_at_its_price() -> None:
    said = changed(scenario(), trade(EURUSD, 1000, "1.10000"))
    assert (said.quantity, said.average_price) == (Decimal(1000), Decimal("1.1"))
    assert said.realised == Money(Decimal("0.00"), "USD")


def test_adding_averages_the_price_and_realises_nothing() -> None:
    told = scenario().given(trade(EURUSD, 1000, "1.10000"))
    said = changed(told, trade(EURUSD, 3000, "1.10040", 2))
    assert (said.quantity, said.average_price) == (Decimal(4000), Decimal("1.1003"))
    assert said.realised.amount == 0


@pytest.mark.parametrize(
    ("instrument", "opening", "price", "closing", "at", "realised"),
    [
        (EURUSD, 1000, "1.10000", -400, "1.10500", Money(Decimal("2.00"), "USD")),
        (EURUSD, -1000, "1.10000", 400, "1.10500", Money(Decimal("-2.00"), "USD")),
        (USDJPY, 1000, "101.000", -1000, "101.250", Money(Decimal(250), "JPY")),
        (ES, 2, "1680.25", -2, "1681.00", Money(Decimal("75.00"), "USD")),
        (BTCUSD, "0.005", "61734.10", "-0.005", "61740.11", Money(Decimal("0.03"), "USD")),
    ],
)
def test_a_fill_against_the_position_realises_on_what_it_closes(
    instrument: Instrument,
    opening: int | str,
    price: str,
    closing: int | str,
    at: str,
    realised: Money,
) -> None:
    told = scenario(instrument).given(trade(instrument, opening, price))
    assert changed(told, trade(instrument, closing, at, 2)).realised == realised


def test_a_fill_through_zero_realises_on_all_and_opens_at_its_price() -> None:
    told = scenario().given(trade(EURUSD, 1000, "1.10000"))
    said = changed(told, trade(EURUSD, -2500, "1.10100", 2))
    assert (said.quantity, said.average_price) == (Decimal(-1500), Decimal("1.101"))
    assert said.realised == Money(Decimal("1.00"), "USD")


def test_a_flat_position_has_no_average_price() -> None:
    told = scenario().given(trade(EURUSD, 1000, "1.10000"))
    said = changed(told, trade(EURUSD, -1000, "1.10000", 2))
    assert (said.quantity, said.average_price) == (Decimal(0), None)


def test_a_trade_that_was_seen_before_changes_nothing() -> None:
    told = scenario().given(trade(EURUSD, 1000, "1.10000"))
    before = told.state.positions
    assert told.when(trade(EURUSD, 1000, "1.10000")) == []
    assert told.state.positions == before


def test_the_same_trade_id_in_another_instrument_is_another_trade() -> None:
    told = scenario().given(USDJPY, trade(EURUSD, 1000, "1.10000"))
    assert changed(told, trade(USDJPY, 1000, "101.000")).quantity == 1000


def test_strategies_do_not_net_with_each_other() -> None:
    told = scenario().given(trade(EURUSD, 1000, "1.10000"))
    other = fill(ticket(EURUSD, -1000, strategy="donchian"), "1.10000", trade_id="T2")
    assert changed(told, other).quantity == -1000


def test_commissions_add_up_by_their_currency() -> None:
    told = scenario()
    amounts = [("0.35", "USD"), ("0.001", "BNB"), ("0.40", "USD")]
    said = [
        changed(
            told,
            fill(
                ticket(EURUSD, 1000),
                "1.1",
                trade_id=f"T{number}",
                commission=Money(Decimal(amount), currency),
            ),
        )
        for number, (amount, currency) in enumerate(amounts)
    ]
    assert said[1].commission_total == Money(Decimal("0.001"), "BNB")
    assert said[2].commission_total == Money(Decimal("0.75"), "USD")


def test_a_fill_of_an_instrument_without_terms_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"EUR/USD\.SIM"):
        Scenario(Positions()).when(trade(EURUSD, 1000, "1.1"))


TRADES = st.lists(
    st.tuples(st.integers(-5000, 5000).filter(bool), st.integers(109_000, 111_000)),
    min_size=1,
    max_size=30,
)


def told_all(trades: list[tuple[int, int]]) -> tuple[Scenario[PositionsState], PositionChanged]:
    told = scenario()
    said = [
        changed(told, trade(EURUSD, signed, str(ticks * EURUSD.tick_size), number))
        for number, (signed, ticks) in enumerate(trades)
    ]
    return told, said[-1]


@given(TRADES)
def test_a_position_is_the_sum_of_its_fills(trades: list[tuple[int, int]]) -> None:
    told, last = told_all(trades)
    assert last.quantity == sum(signed for signed, _ in trades)
    told.assert_recovers()


@given(TRADES)
def test_profit_is_what_was_paid_and_received_plus_what_the_rest_would_fetch(
    trades: list[tuple[int, int]],
) -> None:
    told, last = told_all(trades)
    mark = Decimal("1.1")
    cash = -sum(signed * ticks * EURUSD.tick_size for signed, ticks in trades)
    holding = told.state.positions["ema", EURUSD.id].holding
    profit = last.realised_total.amount + unrealised(holding, mark, scale_of(EURUSD))
    # Each fill, and the mark, are rounded to the cent once.
    assert abs(profit - (cash + last.quantity * mark)) <= (len(trades) + 1) * CENT / 2
