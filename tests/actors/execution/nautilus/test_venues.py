"""Accounts, several venues at once, and what a venue does by itself."""

from decimal import Decimal

import msgspec
import numpy as np
import pytest

from actors.execution.nautilus.config import (
    FeeConfig,
    FillConfig,
    LatencyConfig,
    LiquidationConfig,
    VenueConfig,
)
from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.simulated_venue import NautilusVenue
from actors.execution.venue import BarStream, Subscriptions, Window
from actors.kit.inputs import Input
from events.batches import BatchKind
from schemas.market import Bar, Instrument, PriceType, Quote, Trade
from schemas.order import OrderFilled, OrderRejected, OrderType, Side, Terms
from schemas.quantities import from_mantissa
from tests.support import recorded
from tests.support.quoted import RISING, T0, S, play, sending
from tests.support.recorded import EURUSD, GC, OANDA_EURUSD, SPY
from tests.support.venue_driver import Driver, margin, ticket


def test_two_venues_trade_one_pair_each_with_its_own_account_and_prices() -> None:
    quotes = {
        instrument.id: recorded.quotes(
            instrument, source, T0 + np.arange(10) * S + offset, bid, bid + 2
        )
        for instrument, source, offset, bid in (
            (EURUSD, "a", 0, 139_000 + np.arange(10)),
            (OANDA_EURUSD, "b", S // 2, 139_100 + np.arange(10)),
        )
    }

    def react(driver: Driver, given: Input) -> None:
        match given.payload:
            case Quote(instrument=name) if given.id in {"a:3", "b:3"}:
                traded = EURUSD if name == EURUSD.id else OANDA_EURUSD
                number = 1 if traded is EURUSD else 2
                driver.send(ticket(traded, number=number), given)

    driver = Driver([EURUSD, OANDA_EURUSD], [margin(EURUSD), margin(OANDA_EURUSD)], react)
    driver.run(recorded.windows(list(quotes.values()), 6), Subscriptions(quotes=frozenset(quotes)))
    balances = driver.venue.balances()
    driver.venue.close()
    heard = [given.id for given in driver.said if isinstance(given.payload, Quote)]
    assert heard == [f"{source}:{number}" for number in range(10) for source in "ab"]
    assert driver.fills("O-1") == [(T0 + 3 * S, "1.39005", "1000")]
    assert driver.fills("O-2") == [(T0 + 3 * S + S // 2, "1.39105", "1000")]
    assert balances == [("FXCM", "USD", "999999.97"), ("OANDA", "USD", "1000000.00")]


def test_rows_of_one_time_keep_the_order_of_their_sources() -> None:
    times = T0 + np.repeat(np.arange(5), 2) * S
    bid = np.arange(10) + 139_000
    parts = [recorded.quotes(EURUSD, source, times, bid, bid + 2) for source in ("z", "a")]
    heard = []
    for rows in (1, 4, 100):
        driver = Driver([EURUSD], [margin(EURUSD)])
        windows = recorded.windows(parts, rows)
        driver.run(windows, Subscriptions(quotes=frozenset({EURUSD.id})))
        driver.venue.close()
        heard.append([given.id for given in driver.said])
    assert heard[0][:4] == ["a:0", "a:1", "z:0", "z:1"]
    assert heard[0] == heard[1] == heard[2]


def test_quotes_trades_and_recorded_bars_of_three_markets_merge_in_time() -> None:
    minutes = recorded.head(recorded.eurusd_minutes("20140501"), 30)
    start = int(recorded.times_of(minutes)[0])
    ticks = start + np.arange(600) * 3 * S
    trades = recorded.trades(SPY, "spy", ticks, 1_670_000 + np.arange(600), np.full(600, 5))
    gold = recorded.quotes(GC, "gc", ticks + S, 13_000 + np.arange(600), 13_001 + np.arange(600), 9)
    streams = (
        BarStream(EURUSD.id, "5m", PriceType.BID),
        BarStream(SPY.id, "1m", PriceType.LAST),
        BarStream(GC.id, "1m", PriceType.MID),
    )
    wanted = Subscriptions(bars=streams, quotes=frozenset({EURUSD.id}), trades=frozenset({SPY.id}))
    fine, driver = (
        merged([EURUSD, SPY, GC], recorded.windows([minutes, trades, gold], rows), wanted)
        for rows in (50, 5000)
    )
    assert fine.said == driver.said
    assert [given.ts for given in fine.said] == sorted(given.ts for given in fine.said)
    assert len({bar.instrument for bar in driver.of(Bar)}) == 3
    closes = minutes.batch.column("bid_close").to_pylist()
    assert [quote.bid for quote in driver.of(Quote)] == [from_mantissa(bid, 5) for bid in closes]
    assert len(driver.of(Trade)) == 600


def merged(instruments: list[Instrument], windows: list[Window], wanted: Subscriptions) -> Driver:
    driver = Driver(instruments, [margin(each) for each in instruments])
    driver.run(windows, wanted)
    driver.venue.close()
    return driver


def test_a_cash_account_pays_in_full_and_cannot_sell_what_it_lacks() -> None:
    cash = VenueConfig(name="FXCM", account_type="cash", starting_balances={"USD": Decimal(2000)})
    acts = {
        1: sending(ticket(EURUSD, quantity="1000", number=1)),
        3: sending(ticket(EURUSD, quantity="1000", number=2)),
        5: sending(ticket(EURUSD, Side.SELL, quantity="1500", number=3)),
    }
    told = play(RISING, acts, cash)
    assert told.kinds("O-1")[-1] == "order.filled"
    assert told.kinds("O-2")[-1] == told.kinds("O-3")[-1] == "order.rejected"
    assert {currency: total for _, currency, total in told.balances} == {
        "EUR": "1000.00",
        "USD": "609.85",
    }


def test_latency_delays_an_order_to_the_first_tick_after_its_arrival() -> None:
    slow = margin(EURUSD, latency=LatencyConfig(base_ns=S, insert_ns=S // 2))
    told = play(RISING, {2: sending(ticket(EURUSD))}, slow)
    assert told.fills("O-1") == [(T0 + 4 * S, "1.39042", "1000")]


def test_hedging_keeps_positions_apart_and_netting_nets_them() -> None:
    acts = {
        1: sending(ticket(EURUSD, number=1)),
        3: sending(ticket(EURUSD, Side.SELL, number=2)),
    }
    positions = {
        oms: {
            fill.position_id for fill in play(RISING, acts, margin(EURUSD, oms=oms)).of(OrderFilled)
        }
        for oms in ("netting", "hedging")
    }
    assert len(positions["netting"]) == 1
    assert len(positions["hedging"]) == 2


@pytest.mark.parametrize(
    ("fees", "commissions"),
    [
        (FeeConfig(), ["2.78", "2.78"]),
        (FeeConfig(taker=Decimal("0.0001")), ["13.90", "13.90"]),
        (FeeConfig(overrides={EURUSD.id: (Decimal(0), Decimal("0.001"))}), ["139.01", "139.03"]),
        (FeeConfig(model="per_contract", amount=Decimal("0.01")), ["1000.00", "1000.00"]),
        (FeeConfig(model="per_order", amount=Decimal("2.50")), ["2.50", "2.50"]),
    ],
)
def test_charges_the_configured_fees(fees: FeeConfig, commissions: list[str]) -> None:
    acts = {
        1: sending(ticket(EURUSD, quantity="100000", number=1)),
        3: sending(ticket(EURUSD, Side.SELL, quantity="100000", number=2)),
    }
    told = play(RISING, acts, margin(EURUSD, fees=fees))
    assert [str(fill.commission.amount) for fill in told.of(OrderFilled)] == commissions


def test_the_venue_liquidates_an_account_that_lost_its_margin() -> None:
    venue = margin(
        EURUSD,
        starting_balances={"USD": Decimal(5000)},
        leverage=Decimal(30),
        liquidation=LiquidationConfig(),
    )
    falls = [139_000 - 200 * second for second in range(40)]
    told = play(falls, {1: sending(ticket(EURUSD, quantity="1000000"))}, venue)
    bought, sold = told.of(OrderFilled)
    assert (bought.client_order_id, sold.client_order_id) == ("O-1", "LIQUIDATION-1")
    assert (sold.side, sold.quantity, sold.strategy) == (
        Side.SELL,
        Decimal(1_000_000),
        "strategies.test",
    )
    (word,) = [given for given in told.said if given.payload is sold]
    assert word.cause == word.correlation == f"q:{(word.ts - T0) // S}"


def test_a_future_is_closed_at_its_expiry() -> None:
    expiring = msgspec.structs.replace(GC, expiry=T0 + 10 * S)
    times = T0 + np.arange(30) * S
    record = recorded.trades(expiring, "gc", times, 13_000 + np.arange(30), np.full(30, 5))

    def buy(driver: Driver, given: Input) -> None:
        if given.id == "gc:2":
            driver.send(ticket(expiring, quantity="2"), given)

    driver = Driver([expiring], [margin(expiring)], buy)
    driver.run(recorded.windows([record], 7), Subscriptions(trades=frozenset({GC.id})))
    driver.venue.close()
    _, sold = driver.of(OrderFilled)
    assert (sold.client_order_id, sold.side, sold.quantity) == (
        "EXPIRATION-1",
        Side.SELL,
        Decimal(2),
    )
    assert driver.said[-1].payload.KIND == "market.trade"


def test_an_order_meets_no_market_where_nothing_was_traded() -> None:
    bar = [np.array([35_000, 35_000])] * 4
    times = T0 + np.arange(2) * 60 * S
    record = recorded.record(BatchKind.TRADE_BARS, SPY, "spy", times, *bar, np.array([0, 400]))
    assert record.rows == 2

    def buy(driver: Driver, given: Input) -> None:
        driver.send(ticket(SPY, quantity="10", number=len(driver.of(Trade))), given)

    driver = Driver([SPY], [margin(SPY)], lambda d, g: buy(d, g) if is_trade(g) else None)
    driver.run(recorded.windows([record], 1), Subscriptions(trades=frozenset({SPY.id})))
    driver.venue.close()
    assert [rejected.client_order_id for rejected in driver.of(OrderRejected)] == ["O-1"]
    assert driver.kinds("O-2")[-1] == "order.filled"


def is_trade(given: Input) -> bool:
    return isinstance(given.payload, Trade)


def filled_at_touch(venue: VenueConfig) -> list[int]:
    """Rows at which trades, three of them exactly at its price, filled a waiting limit order."""
    times = T0 + np.arange(6) * S
    prices = np.array([35_000, 35_000, 35_000, 34_990, 34_990, 34_990])
    trades = recorded.trades(SPY, "spy", times, prices, np.full(6, 5000))
    bids = np.full(6, 34_990)
    quotes = recorded.quotes(SPY, "spy-q", times + 1, bids, bids + 2, 5000)
    limit = ticket(SPY, quantity="10", terms=Terms(type=OrderType.LIMIT, price=Decimal("3.4990")))

    def buy(driver: Driver, given: Input) -> None:
        if given.id == "spy:1":
            driver.send(limit, given)

    driver = Driver([SPY], [venue], buy)
    driver.run(recorded.windows([trades, quotes], 4), Subscriptions(trades=frozenset({SPY.id})))
    driver.venue.close()
    return [(ts - T0) // S for ts, _, _ in driver.fills("O-1")]


def test_a_limit_order_at_a_touched_price_fills_by_the_configured_chance() -> None:
    assert filled_at_touch(margin(SPY, fills=FillConfig(prob_fill_on_limit=1.0))) == [3]
    assert filled_at_touch(margin(SPY, fills=FillConfig(prob_fill_on_limit=0.0))) == []


def test_a_queued_limit_order_waits_for_the_size_before_it() -> None:
    assert filled_at_touch(margin(SPY, queue_position=True)) == [4]


def test_refuses_an_instrument_whose_venue_is_not_configured() -> None:
    with pytest.raises(VenueSetupError, match=r"SPY\.ARCA"):
        NautilusVenue([SPY], [margin(EURUSD)])


def test_a_venue_reads_from_a_toml_table() -> None:
    table = {
        "name": "FXCM",
        "starting_balances": {"USD": "100000"},
        "leverage": "30",
        "latency": {"base_ns": 1000},
        "fees": {"model": "per_order", "amount": "1.5"},
    }
    config = msgspec.convert(table, VenueConfig)
    assert config.fees.amount == Decimal("1.5")
    with pytest.raises(msgspec.ValidationError, match="leverag"):
        msgspec.convert(table | {"leverag": "30"}, VenueConfig)
    with pytest.raises(msgspec.ValidationError, match="base_ns"):
        msgspec.convert(table | {"latency": {"base_ns": -1}}, VenueConfig)
