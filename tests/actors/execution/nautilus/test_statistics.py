"""Statistics: of a run, and the same figures from what was recorded of it."""

from decimal import Decimal

import pytest

from actors.execution.nautilus.statistics import Statistics, daily_returns, statistics_of
from actors.execution.venue import Subscriptions
from actors.kit.inputs import Input
from schemas.market import Quote
from schemas.order import OrderFilled, Side
from tests.support import recorded
from tests.support.venue_driver import Driver, margin, ticket

DAY = 86_400_000_000_000
EURUSD = recorded.EURUSD


def trading_in_and_out() -> tuple[Statistics, list[float]]:
    """A real minute's quotes of a week, bought and sold again at every 500th; with its profits."""
    days = ["20140501", "20140502"]
    records = [recorded.eurusd_minutes(day) for day in days[:1]]
    quotes = 0

    def react(driver: Driver, given: Input) -> None:
        nonlocal quotes
        if isinstance(given.payload, Quote):
            quotes += 1
            if quotes % 100 == 0:
                side = Side.BUY if quotes % 200 else Side.SELL
                driver.send(ticket(EURUSD, side, "100000", quotes), given)

    driver = Driver([EURUSD], [margin(EURUSD)], react)
    driver.run(recorded.windows(records, 500), Subscriptions(quotes=frozenset({EURUSD.id})))
    statistics = driver.venue.results()
    driver.venue.close()
    return statistics, profits(driver.of(OrderFilled))


def profits(fills: list[OrderFilled]) -> list[float]:
    """Of every round trip, after commissions."""
    found = []
    for bought, sold in zip(fills[::2], fills[1::2], strict=False):
        gain = (sold.price - bought.price) * bought.quantity
        found.append(float(gain - bought.commission.amount - sold.commission.amount))
    return found


def test_recorded_profits_give_the_figures_of_the_run() -> None:
    run, realised = trading_in_and_out()
    assert len(realised) >= 5
    again = statistics_of({"USD": realised}, run.daily_returns)
    for name, value in again.pnls["USD"].items():
        assert run.pnls["USD"][name] == pytest.approx(value), name
    for name in ("Max Drawdown", "Average (Return)"):
        assert run.returns[name] == again.returns[name]


def test_figures_of_known_trades() -> None:
    known = statistics_of({"USD": [10.0, -5.0, 7.0, -4.0]}, {0: 0.1, DAY: -0.5, 2 * DAY: 0.1})
    usd = known.pnls["USD"]
    assert usd["Win Rate"] == 0.5
    assert usd["Expectancy"] == 2.0
    assert usd["PnL (total)"] == 8.0
    assert usd["Max Loser"] == -5.0
    assert known.returns["Max Drawdown"] == pytest.approx(-0.5)
    assert known.returns["Profit Factor"] == pytest.approx(0.4)


def test_where_there_is_no_number_there_is_none() -> None:
    nothing = statistics_of({"USD": []}, {})
    assert nothing.pnls["USD"]["Win Rate"] is None
    assert nothing.returns["Sharpe Ratio (252 days)"] is None


def test_daily_returns_go_from_one_days_last_equity_to_the_next() -> None:
    equity = [(5, Decimal(90)), (6, Decimal(110)), (DAY + 1, Decimal(121)), (3 * DAY, Decimal(121))]
    assert daily_returns(Decimal(100), equity) == pytest.approx({0: 0.1, DAY: 0.1, 3 * DAY: 0.0})
