"""Bars: equal to what was recorded, known at their close, caused by the tick that closed them."""

from decimal import Decimal

import numpy as np
import pytest

from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.translate.bars import interval_ns, to_bar_type
from actors.execution.venue import BarStream, Subscriptions
from schemas.market import Bar, PriceType
from schemas.quantities import from_mantissa
from tests.support import recorded
from tests.support.venue_driver import Driver, margin, minutes

S = 1_000_000_000
T0 = 1_400_000_040 * S
"""A whole minute."""


def bars(
    seconds: list[float], subscriptions: Subscriptions | None = None, window: int = 1
) -> Driver:
    """Quotes at so many seconds after ``T0``, each a pip higher."""
    times = T0 + np.array([round(second * S) for second in seconds])
    bid = 139000 + np.arange(len(times))
    record = recorded.quotes(recorded.EURUSD, "q", times, bid, bid + 2)
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.run(recorded.windows([record], window), subscriptions or minutes(recorded.EURUSD))
    driver.venue.close()
    return driver


def test_the_tick_at_the_boundary_belongs_to_the_closing_bar() -> None:
    first, second = bars([10, 60, 61, 120]).of(Bar)
    assert (first.open, first.close) == (Decimal("1.39000"), Decimal("1.39001"))
    assert (second.open, second.close) == (Decimal("1.39002"), Decimal("1.39003"))
    assert (first.ts_open, first.ts_close) == (T0, T0 + 60 * S)


def test_a_first_tick_on_a_boundary_closes_its_bar_at_once() -> None:
    (bar,) = bars([0, 10]).of(Bar)
    assert (bar.close, bar.ts_close) == (Decimal("1.39000"), T0)


def test_a_bar_that_is_open_when_the_data_ends_is_not_reported() -> None:
    assert [bar.ts_close for bar in bars([10, 60, 119.999]).of(Bar)] == [T0 + 60 * S]


def test_a_silent_minute_has_no_bar() -> None:
    closes = [bar.ts_close for bar in bars([10, 190]).of(Bar)]
    assert closes == [T0 + 60 * S]


def test_a_bar_is_caused_by_the_last_tick_at_or_before_its_close() -> None:
    driver = bars([10, 59, 61, 130])
    assert [given.cause for given in driver.said] == ["q:1", "q:2"]
    assert [given.correlation for given in driver.said] == ["q:1", "q:2"]
    assert [given.id for given in driver.said] == [
        f"bar/EUR/USD.FXCM/1m/{T0 + 60 * S}",
        f"bar/EUR/USD.FXCM/1m/{T0 + 120 * S}",
    ]


def test_of_ticks_at_one_time_the_last_in_order_is_the_cause() -> None:
    driver = bars([10, 60, 60, 60, 61])
    assert driver.said[0].cause == "q:3"


def test_bids_asks_and_mids_of_one_interval_are_different_events() -> None:
    prices = (PriceType.BID, PriceType.ASK, PriceType.MID)
    streams = tuple(BarStream(recorded.EURUSD.id, "1m", price) for price in prices)
    driver = bars([10, 60, 61], Subscriptions(bars=streams))
    found = {bar.price_type: bar.close for bar in driver.of(Bar)}
    assert found == {
        PriceType.BID: Decimal("1.39001"),
        PriceType.ASK: Decimal("1.39003"),
        PriceType.MID: Decimal("1.39002"),
    }
    assert len({given.id for given in driver.said}) == 3


def test_several_intervals_close_together() -> None:
    intervals = ("30s", "1m", "5m")
    streams = tuple(BarStream(recorded.EURUSD.id, each, PriceType.BID) for each in intervals)
    seconds = [float(second) for second in range(1, 302)]
    counts = [bar.interval for bar in bars(seconds, Subscriptions(bars=streams)).of(Bar)]
    assert {each: counts.count(each) for each in intervals} == {"30s": 10, "1m": 5, "5m": 1}


@pytest.mark.parametrize(
    ("interval", "seconds"), [("1s", 1), ("15m", 900), ("4h", 14_400), ("1d", 86_400)]
)
def test_an_interval_has_its_length(interval: str, seconds: int) -> None:
    stream = BarStream(recorded.EURUSD.id, interval, PriceType.BID)
    assert interval_ns(to_bar_type(stream)) == seconds * S


@pytest.mark.parametrize("interval", ["", "m", "0m", "1x", "5 m", "1m ", "90m"])
def test_refuses_an_interval_that_cannot_be_built(interval: str) -> None:
    with pytest.raises(VenueSetupError, match=r"interval|cannot be built"):
        to_bar_type(BarStream(recorded.EURUSD.id, interval, PriceType.BID))


def test_refuses_a_subscription_to_what_nobody_trades() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    with pytest.raises(VenueSetupError, match=r"GBP/USD\.FXCM"):
        driver.venue.start(Subscriptions(quotes=frozenset({"GBP/USD.FXCM"})), driver.hear)
    driver.venue.close()


@pytest.mark.parametrize("window", [1, 100, 10_000])
def test_bars_built_from_recorded_minutes_are_the_recorded_ones(window: int) -> None:
    record = recorded.eurusd_minutes("20140501")
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.run(recorded.windows([record], window), minutes(recorded.EURUSD, PriceType.ASK))
    driver.venue.close()
    names = ("ask_open", "ask_high", "ask_low", "ask_close", "ask_size")
    columns = (record.batch.column(name).to_pylist() for name in names)
    expected = [
        (*(from_mantissa(price, 5) for price in prices), Decimal(size), ts)
        for *prices, size, ts in zip(*columns, recorded.times_of(record).tolist(), strict=True)
    ]
    found = [
        (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.ts_close) for bar in driver.of(Bar)
    ]
    assert len(found) > 1000
    assert found == expected


def test_a_recorded_bar_becomes_known_at_its_close_and_causes_the_bar_built_from_it() -> None:
    record = recorded.head(recorded.eurusd_minutes("20140501"), 50)
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.run(recorded.windows([record], 1), minutes(recorded.EURUSD))
    driver.venue.close()
    assert [given.ts for given in driver.said] == recorded.times_of(record).tolist()
    assert [given.cause for given in driver.said] == [f"fxcm-1m:{row}" for row in range(50)]


def test_shifting_everything_after_a_bar_does_not_change_it() -> None:
    record = recorded.head(recorded.oanda_ticks(), 3000)
    venue = margin(recorded.OANDA_EURUSD)
    found = []
    for rows in (3000, 1500):
        driver = Driver([recorded.OANDA_EURUSD], [venue])
        windows = recorded.windows([recorded.head(record, rows)], 500)
        found.append(driver.run(windows, minutes(recorded.OANDA_EURUSD)).of(Bar))
        driver.venue.close()
    whole, known = found
    assert len(known) >= 5
    assert whole[: len(known)] == known
