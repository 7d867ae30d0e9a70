"""How long markets were to be open between two times."""

import pytest

from actors.feeds.calendars.choice import calendar_of
from actors.feeds.instruments import find
from tests.actors.feeds.material import HOUR, ns


@pytest.mark.parametrize(
    ("symbol", "venue", "start", "end", "hours"),
    [
        ("EUR/USD", "FXCM", "2014-05-02T20:00", "2014-05-04T22:00", 2),
        ("EUR/USD", "FXCM", "2014-05-02T21:00", "2014-05-04T21:00", 0),
        ("EUR/USD", "FXCM", "2014-03-07T21:00", "2014-03-09T22:00", 2),  # clocks change between
        ("EUR/USD", "FXCM", "2014-05-06T00:00", "2014-05-07T00:00", 24),
        ("XAU/USD", "OANDA", "2014-05-05T20:00", "2014-05-05T23:00", 2),
        ("ESZ13", "CME", "2013-10-07T20:00", "2013-10-07T22:30", 1.25),
        ("ESZ13", "CME", "2013-10-11T21:00", "2013-10-13T22:00", 0),
        ("SPY", "USA", "2013-11-27T00:00", "2013-11-30T00:00", 10),  # Thanksgiving and a half day
        ("SPY", "USA", "2013-10-05T00:00", "2013-10-07T13:30", 0),
        ("SPY", "USA", "2013-10-07T13:00", "2013-10-07T14:00", 0.5),
        ("BTC/USD", "COINBASE", "2018-04-07T00:00", "2018-04-08T00:00", 24),
    ],
)
def test_open_hours_between_two_times(
    symbol: str, venue: str, start: str, end: str, hours: float
) -> None:
    calendar = calendar_of(find(symbol, venue))
    assert calendar.open_ns(ns(start), ns(end)) == hours * HOUR
