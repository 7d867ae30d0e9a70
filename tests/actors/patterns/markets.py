"""Real markets of the samples as candles, read by hand from the files' numbers."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from actors.patterns.candles import Candles
from tests.actors.patterns.drawn import MINUTE_NS
from tests.actors.strategies.real_bars import SAMPLES

_DAY_NS = 86_400 * 10**9


@cache
def spy_daily() -> Candles:
    """SPY from 1998 to 2021; a day closes at midnight UTC."""
    rows = _rows("equity/usa/daily/spy.zip")
    days = [datetime.strptime(row[0], "%Y%m%d %H:%M").replace(tzinfo=UTC) for row in rows]
    return _candles(rows, [_ns(day) + _DAY_NS for day in days], scale=10_000, volume=True)


@cache
def spy() -> Candles:
    """SPY's minutes of 2013-10-07, New York's summer time."""
    return _minutes("equity/usa/minute/spy/20131007_trade.zip", 4, scale=10_000, volume=True)


@cache
def btcusd() -> Candles:
    """Coinbase's minutes of 2018-04-04."""
    return _minutes("crypto/coinbase/minute/btcusd/20180404_trade.zip", 0, volume=True)


@cache
def eurusd_oanda() -> Candles:
    """Oanda's minutes of 2014-05-08, mids."""
    return _minutes("forex/oanda/minute/eurusd/20140508_quote.zip", 0)


@cache
def eurusd_fxcm() -> Candles:
    """FXCM's minutes of 2014-05-01, mids; the file counts in New York's winter time."""
    return _minutes("forex/fxcm/minute/eurusd/20140501_quote.zip", 5)


MARKETS: Mapping[str, Callable[[], Candles]] = {
    each.__name__: each for each in (spy_daily, spy, btcusd, eurusd_oanda, eurusd_fxcm)
}


def _minutes(name: str, hours_behind: int, *, scale: int = 1, volume: bool = False) -> Candles:
    day = datetime.strptime(Path(name).name[:8], "%Y%m%d").replace(tzinfo=UTC)
    midnight = _ns(day + timedelta(hours=hours_behind))
    rows = _rows(name)
    times = [midnight + int(row[0]) * 10**6 + MINUTE_NS for row in rows]
    return _candles(rows, times, scale=scale, volume=volume)


def _candles(rows: list[list[str]], times: list[int], *, scale: int, volume: bool) -> Candles:
    numbers = np.array([row[1:] for row in rows], dtype=np.float64).T
    # Quotes have bid open, high, low, close and size, then the same of the ask.
    prices = numbers[:4] / scale if volume else (numbers[:4] + numbers[5:9]) / 2
    counted = numbers[4] if volume else np.zeros(len(rows))
    return Candles(
        open=prices[0],
        high=prices[1],
        low=prices[2],
        close=prices[3],
        volume=counted,
        ts_close=np.array(times, dtype=np.int64),
    )


def _rows(name: str) -> list[list[str]]:
    with zipfile.ZipFile(SAMPLES / name) as archive:
        return list(csv.reader(io.StringIO(archive.read(archive.namelist()[0]).decode())))


def _ns(moment: datetime) -> int:
    return int(moment.timestamp()) * 10**9
