"""LEAN's zips against an independent reading of the same files."""

import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actors.feeds.errors import FeedError, NotMarketData, Unreadable
from actors.feeds.survey import FileSet, Wanted, survey
from events.batches import BatchKind
from tests.actors.feeds.material import (
    FXCM_DAY,
    HOUR,
    LEAN,
    MINUTE,
    SECOND,
    Ingested,
    blocks,
    file_set,
    fxcm_ticks,
    ns,
    only,
    read,
    shared,
    zipped,
)

EST, NEW_YORK, UTC = timedelta(hours=-5), ZoneInfo("America/New_York"), timedelta(0)


def lines_of(path: Path, member: str) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        return [line.split(",") for line in archive.read(member).decode().split()]


def values(files: FileSet, name: str) -> list[Decimal]:
    places = files.precision.size if name.endswith(("size", "volume")) else files.precision.price
    return [
        Decimal(value).scaleb(-places)
        for block in blocks(files)
        for value in block.rows.columns[name].tolist()
    ]


def times(files: FileSet) -> list[int]:
    return [ts for block in blocks(files) for ts in block.rows.ts.tolist()]


def test_fxcm_ticks_are_of_a_clock_five_hours_behind_utc() -> None:
    files = file_set(FXCM_DAY)
    raw = lines_of(FXCM_DAY, "20140501_eurusd_tick_quote.csv")
    midnight = ns("2014-05-01T05:00")
    assert times(files) == [midnight + int(row[0]) * 1_000_000 for row in raw]
    assert values(files, "bid") == [Decimal(row[1]) for row in raw]
    assert values(files, "ask") == [Decimal(row[2]) for row in raw]
    assert len(raw) == 51_053
    assert files.instrument.id == "EUR/USD.FXCM"


def test_fxcm_ticks_begin_and_end_as_the_file_shows() -> None:
    block = read(file_set(FXCM_DAY))
    assert block.rows.ts[[0, -1]].tolist() == [
        ns("2014-05-01T05:00:01.787"),
        ns("2014-05-02T04:59:47.638"),
    ]
    assert block.rows.columns["bid"][[0, -1]].tolist() == [138727, 138626]
    assert block.rows.columns["ask"][[0, -1]].tolist() == [138729, 138626]


def test_oanda_ticks_are_of_utc() -> None:
    path = LEAN / "forex/oanda/tick/eurusd/20140505_quote.zip"
    files = file_set(path)
    raw = lines_of(path, "20140505_eurusd_tick_quote.csv")
    assert times(files) == [ns("2014-05-05") + int(row[0]) * 1_000_000 for row in raw]
    assert values(files, "ask") == [Decimal(row[2]) for row in raw]


def test_a_minute_bar_of_quotes_is_known_when_it_closes() -> None:
    path = LEAN / "forex/fxcm/minute/eurusd/20140501_quote.zip"
    files = file_set(path)
    raw = lines_of(path, "20140501_eurusd_minute_quote.csv")
    assert (files.kind, files.interval) == (BatchKind.QUOTE_BARS, "1m")
    opened = [ns("2014-05-01T05:00") + int(row[0]) * 1_000_000 for row in raw]
    assert times(files) == [ts + MINUTE for ts in opened]
    names = ("bid_open", "bid_high", "bid_low", "bid_close", "bid_size")
    for column, name in enumerate((*names, *(n.replace("bid", "ask") for n in names)), 1):
        assert values(files, name) == [Decimal(row[column]) for row in raw]


def test_equity_prices_are_ten_thousandths_and_times_are_new_yorks() -> None:
    path = LEAN / "equity/usa/minute/spy/20131007_trade.zip"
    files = file_set(path)
    raw = lines_of(path, "20131007_spy_minute_trade.csv")
    assert times(files)[0] == ns("2013-10-07T08:01")  # 04:00 in New York, and a minute
    assert values(files, "open") == [Decimal(row[1]) / 10_000 for row in raw]
    assert values(files, "volume") == [Decimal(row[5]) for row in raw]
    assert (files.instrument.id, files.instrument.price_precision) == ("SPY.USA", 4)


def test_daily_equity_bars_close_at_midnight_in_new_york_all_year() -> None:
    path = LEAN / "equity/usa/daily/spy.zip"
    found = times(file_set(path))
    raw = lines_of_daily(path)
    for ts, day in zip(found, raw, strict=True):
        midnight = datetime(day.year, day.month, day.day, tzinfo=NEW_YORK) + timedelta(days=1)
        assert ts == int(midnight.timestamp()) * SECOND
    assert ns("2013-11-02T04:00") in found  # Friday in summer time
    assert ns("2013-11-05T05:00") in found  # Monday in winter time


def lines_of_daily(path: Path) -> list[datetime]:
    with zipfile.ZipFile(path) as archive:
        rows = archive.read("spy.csv").decode().split("\n")
    return [datetime.strptime(row[:8], "%Y%m%d") for row in rows if row]  # noqa: DTZ007


def test_the_winter_and_the_summer_of_new_york_differ_by_an_hour(tmp_path: Path) -> None:
    opens = {}
    for date in ("20131101", "20131104"):
        path = tmp_path / f"equity/usa/minute/spy/{date}_trade.zip"
        zipped(path, {f"{date}_spy_minute_trade.csv": "34200000,1,1,1,1,1\n"})
        opens[date] = times(file_set(path))[0]
    assert opens == {"20131101": ns("2013-11-01T13:31"), "20131104": ns("2013-11-04T14:31")}


def test_hourly_bars_carry_their_date(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "forex/oanda/hour/eurusd.zip",
        {"eurusd.csv": "20070101 21:00,1.31927,1.31955,1.3187,1.31935,0,1.3,1.4,1.2,1.3,0\n"},
    )
    files = file_set(path)
    assert times(files) == [ns("2007-01-01T21:00") + HOUR]
    assert (files.kind, files.interval) == (BatchKind.QUOTE_BARS, "1h")


def test_every_contract_of_a_zip_of_futures_is_a_source_of_its_own() -> None:
    path = LEAN / "future/comex/tick/gc/20131007_trade.zip"
    sets = survey([path], Wanted())
    december = next(each for each in sets if each.instrument.symbol == "GCZ13")
    raw = lines_of(path, "20131007_gc_tick_trade_201312.csv")
    assert len(sets) == 10
    assert values(december, "price") == [Decimal(row[1]) for row in raw]
    assert values(december, "size") == [Decimal(row[2]) for row in raw]
    assert december.instrument.multiplier == 100


def test_one_contract_of_a_zip_can_be_chosen() -> None:
    path = LEAN / "future/cme/minute/es/20131007_trade.zip"
    files = only(survey([path], Wanted(instruments=("ESZ13",))))
    assert files.instrument.id == "ESZ13.CME"
    assert times(files)[0] == ns("2013-10-07T00:01")


def test_a_bar_without_a_bid_is_refused_and_not_invented() -> None:
    path = LEAN / "future/cme/minute/es/20131007_quote.zip"
    source = Ingested(only(survey([path], Wanted(instruments=("ESH14",)))))
    first = next(each for each in source.refused() if each.reason == "missing")
    assert (first.row, first.field, first.raw) == (
        2,
        "bid_open",
        "60000,,,,,0,1670,1670,1670,1670,44",
    )


def test_sizes_with_the_dirt_of_a_float_are_rounded_and_counted() -> None:
    files = file_set(LEAN / "crypto/coinbase/minute/btcusd/20180404_quote.zip")
    source = Ingested(files)
    assert source.column("ask_size")[0] == 3_335_399_601  # 33.35399601000002
    assert source.summary.suspicious["size_rounded"] > 0
    assert source.instrument().id == "BTC/USD.COINBASE"


def test_a_file_named_for_another_kind_of_data_is_no_market_data() -> None:
    path = LEAN / "future/cme/minute/es/20131007_openinterest.zip"
    with pytest.raises(NotMarketData, match=r"20131007_openinterest\.zip: holds 'openinterest'"):
        survey([path], Wanted())


def test_a_directory_gives_quotes_and_trades_and_leaves_open_interest_out() -> None:
    sets = survey([LEAN / "future/cme"], Wanted(instruments=("ESZ13",)))
    assert {each.kind for each in sets} == {BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS}


def test_outside_leans_folders_nothing_is_guessed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "20140501_quote.zip", {"20140501_eurusd_tick_quote.csv": "1,1,1\n"})
    with pytest.raises(FeedError, match="LEAN's folders tell a file's market, clock and price"):
        survey([path], Wanted())


def test_a_zip_cut_short_is_damaged(tmp_path: Path) -> None:
    path = fxcm_ticks(tmp_path, "1,1.5,1.6\n" * 100)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Unreadable, match=r"20140505_quote\.zip: the archive is damaged"):
        survey([path], Wanted())


def test_a_file_with_other_columns_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "forex/fxcm/minute/eurusd/20140505_quote.zip"
    zipped(path, {"20140505_eurusd_minute_quote.csv": "0,1.5,1.6\n60000,1.5,1.6\n"})
    with pytest.raises(Unreadable, match=r"row 1: 11 columns were expected, not '0,1\.5,1\.6'"):
        blocks(file_set(path))


def test_a_time_beyond_the_files_day_is_refused(tmp_path: Path) -> None:
    source = Ingested(file_set(fxcm_ticks(tmp_path, "1,1.5,1.6\n86400001,1.5,1.6\n")))
    assert [(r.row, r.field, r.reason) for r in source.refused()] == [
        (2, "time", "time_out_of_range")
    ]


def test_all_ticks_of_a_day_of_spy_are_read() -> None:
    files = file_set(shared("lean/equity/usa/tick/spy/20131008_trade.zip"))
    raw = lines_of(files.parts[0].path, "20131008_spy_Trade_Tick.csv")
    assert len(raw) == 451_545
    assert values(files, "price") == [Decimal(row[1]) / 10_000 for row in raw]
    assert times(files)[0] == ns("2013-10-08T08:00:17.034")


def test_gold_ticks_have_times_finer_than_a_millisecond() -> None:
    files = file_set(shared("lean/cfd/oanda/tick/xauusd/20140507_quote.zip"))
    assert times(files)[0] == ns("2014-05-07T00:00:00.006949")
    assert values(files, "bid")[0] == Decimal("1307.391")
