"""Real minute bars from LEAN's sample data, read by hand."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.market import AssetClass, Bar, Instrument, PriceType

SAMPLES = Path(__file__).parents[2] / "samples" / "lean"
MINUTE_NS = 60 * 10**9

EURUSD = Instrument(
    id="EUR/USD.OANDA",
    asset_class=AssetClass.FX,
    quote_currency="USD",
    base_currency="EUR",
    price_precision=5,
    size_precision=0,
    tick_size=Decimal("0.00001"),
    lot_size=Decimal(1000),
)
SPY = Instrument(
    id="SPY.ARCA",
    asset_class=AssetClass.EQUITY,
    quote_currency="USD",
    price_precision=2,
    size_precision=0,
    tick_size=Decimal("0.01"),
    lot_size=Decimal(1),
)


@cache
def eurusd() -> tuple[Bar, ...]:
    """1,418 minutes of mids, 2014-05-08; rows are ms (UTC), bid OHLC, size, ask OHLC, size."""
    midnight = datetime(2014, 5, 8, tzinfo=UTC)
    return tuple(
        bar(
            EURUSD,
            midnight,
            int(row[0]),
            [(Decimal(row[i]) + Decimal(row[i + 5])) / 2 for i in (1, 2, 3, 4)],
            Decimal(0),
        )
        for row in rows("forex/oanda/minute/eurusd/20140508_quote.zip")
    )


@cache
def spy() -> tuple[Bar, ...]:
    """828 minutes of trades, 2013-10-07; rows are ms (New York), OHLC times 10,000, volume."""
    midnight = datetime(2013, 10, 7, tzinfo=ZoneInfo("America/New_York"))
    return tuple(
        bar(
            SPY,
            midnight,
            int(row[0]),
            [Decimal(price) / 10_000 for price in row[1:5]],
            Decimal(row[5]),
        )
        for row in rows("equity/usa/minute/spy/20131007_trade.zip")
    )


def rows(name: str) -> list[list[str]]:
    with zipfile.ZipFile(SAMPLES / name) as archive:
        (member,) = archive.namelist()
        return list(csv.reader(io.StringIO(archive.read(member).decode())))


def bar(
    instrument: Instrument, midnight: datetime, ms: int, ohlc: list[Decimal], volume: Decimal
) -> Bar:
    ts_open = int(midnight.timestamp()) * 10**9 + ms * 10**6
    is_quoted = instrument.asset_class is AssetClass.FX
    return Bar(
        instrument=instrument.id,
        interval="1m",
        price_type=PriceType.MID if is_quoted else PriceType.LAST,
        open=ohlc[0],
        high=ohlc[1],
        low=ohlc[2],
        close=ohlc[3],
        volume=volume,
        ts_open=ts_open,
        ts_close=ts_open + MINUTE_NS,
    )
