"""Dukascopy's files against an independent decoding of the same bytes."""

import lzma
import math
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actors.feeds.errors import FeedError, Unreadable
from actors.feeds.formats.dukascopy_names import price_decimals
from actors.feeds.formats.format import FileOptions
from actors.feeds.rows import Block, Place
from actors.feeds.survey import FileSet, Wanted, survey
from events.batches import BatchKind
from tests.actors.feeds.material import (
    DUKASCOPY,
    MINUTE,
    SECOND,
    Ingested,
    bi5,
    blocks,
    file_set,
    ns,
    only,
    part_of,
    read,
)

HOUR_00 = DUKASCOPY / "EURUSD/2019/01/04/00h_ticks.bi5"


def unpacked(path: Path, form: str) -> list[tuple[float, ...]]:
    return list(struct.iter_unpack(form, lzma.decompress(path.read_bytes())))


def started(path: Path, start: str, symbol: str = "EUR/USD") -> FileSet:
    options = FileOptions(start=datetime.fromisoformat(start).replace(tzinfo=UTC))
    return only(survey([path], Wanted(instruments=(symbol,), files=options)))


def test_a_tick_is_ask_then_bid_and_january_is_month_00() -> None:
    block = read(file_set(HOUR_00))
    ticks = unpacked(HOUR_00, ">3I2f")
    hour = ns("2019-02-04T00:00")
    assert block.rows.ts.tolist() == [hour + int(tick[0]) * 1_000_000 for tick in ticks]
    assert block.rows.columns["ask"].tolist() == [tick[1] for tick in ticks]
    assert block.rows.columns["bid"].tolist() == [tick[2] for tick in ticks]


def test_volumes_in_millions_become_whole_units() -> None:
    block = read(file_set(HOUR_00))
    ticks = unpacked(HOUR_00, ">3I2f")
    assert block.rows.columns["bid_size"][0] == 2_060_000  # 2.059999942779541 millions
    assert block.rows.columns["ask_size"].tolist() == [round(tick[3] * 1e6) for tick in ticks]


def test_the_hour_is_in_the_files_name() -> None:
    path = DUKASCOPY / "EURUSD/2019/01/04/23h_ticks.bi5"
    assert read(file_set(path)).rows.ts[0] == ns("2019-02-04T23:00:00.080")


def test_hours_of_a_folder_come_in_order_of_time() -> None:
    files, *_ = survey([DUKASCOPY / "EURUSD"], Wanted())
    assert [part.path.name[:2] for part in files.parts] == ["00", "01", "22", "23"]
    ts = [int(block.rows.ts[0]) for block in blocks(files)]
    assert ts == sorted(ts)


def test_a_candle_is_open_close_low_high_and_known_when_it_closes() -> None:
    path = DUKASCOPY / "EURUSD/2019/01/04/BID_candles_min_1.bi5"
    files = file_set(path)
    block = read(files)
    first = unpacked(path, ">5If")[0]
    columns = block.rows.columns
    assert first[1:5] == tuple(int(columns[n][0]) for n in ("open", "close", "low", "high"))
    assert (columns["low"] <= columns["high"]).all()
    assert block.rows.ts[0] == ns("2019-02-04T00:00") + MINUTE
    assert (files.kind, files.interval, files.side) == (BatchKind.TRADE_BARS, "1m", "BID")


@pytest.mark.parametrize(
    ("path", "interval", "first"),
    [
        ("BTCUSD/2023/00/BID_candles_hour_1.bi5", "1h", "2023-01-01T01:00"),
        ("BTCUSD/2022/BID_candles_day_1.bi5", "1d", "2022-01-02T00:00"),
    ],
)
def test_the_folders_of_longer_candles_are_fewer(path: str, interval: str, first: str) -> None:
    files = file_set(DUKASCOPY / path)
    assert files.interval == interval
    assert read(files).rows.ts[0] == ns(first)


def test_large_coins_have_one_decimal() -> None:
    files = file_set(DUKASCOPY / "BTCUSD/2023/01/20/12h_ticks.bi5")
    block = read(files)
    assert files.instrument.price_precision == 2
    assert block.rows.columns["ask"][0] == 2_492_150  # 249215 tenths
    assert block.rows.columns["bid_size"][0] == 13 * 10**8  # 1.3e-05 millions, 8 decimals


@pytest.mark.parametrize(
    ("symbol", "decimals"),
    [("EURUSD", 5), ("USD/JPY", 3), ("XAUUSD", 3), ("BTCUSD", 1), ("ETHUSD", 1), ("USDHUF", 3)],
)
def test_the_scale_of_prices_goes_by_the_instrument(symbol: str, decimals: int) -> None:
    assert price_decimals(symbol) == decimals


def test_an_empty_file_is_an_hour_without_ticks() -> None:
    files = started(DUKASCOPY / "empty.bi5", "2019-02-04T05:00")
    source = Ingested(files)
    assert source.summary.rows_read == 0
    assert source.failure is None
    assert source.instrument().id == "EUR/USD.DUKASCOPY"


def test_an_empty_hour_between_others_loses_nothing(tmp_path: Path) -> None:
    day = tmp_path / "EURUSD/2019/01/04"
    bi5(day / "00h_ticks.bi5", [(1000, 113196, 113193, 1.0, 2.0)])
    bi5(day / "02h_ticks.bi5", [(1000, 113196, 113194, 1.0, 2.0)])
    (day / "01h_ticks.bi5").write_bytes(b"")
    source = Ingested(file_set(tmp_path))
    assert source.times() == [ns("2019-02-04T00:00:01"), ns("2019-02-04T02:00:01")]


def test_a_file_outside_its_folders_needs_its_start() -> None:
    with pytest.raises(FeedError, match=r"test_3\.bi5: cannot tell the instrument and the time"):
        survey([DUKASCOPY / "test_3.bi5"], Wanted(instruments=("EUR/USD",)))


def test_candles_of_any_name_are_told_by_their_even_spacing() -> None:
    files = started(DUKASCOPY / "test_3.bi5", "2017-05-01")
    block = read(files)
    assert (files.interval, len(block.rows)) == ("1m", 1440)
    assert block.rows.ts[0] == ns("2017-05-01T00:01")
    assert files.instrument.price_precision == 5
    assert block.rows.columns["open"][0] == 112_590


def test_a_file_that_is_not_lzma_is_refused() -> None:
    source = Ingested(started(DUKASCOPY / "HistoryStart.bi5", "2019-02-04"))
    assert source.failure is not None
    assert "HistoryStart.bi5: not an LZMA file" in str(source.failure)
    assert [(r.row, r.reason) for r in source.refused()] == [(0, "damaged")]


def test_ticks_before_a_cut_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD/2019/01/04/00h_ticks.bi5"
    path.parent.mkdir(parents=True)
    path.write_bytes(HOUR_00.read_bytes()[:10_000])
    found: list[Block] = []
    files = file_set(path)
    with pytest.raises(Unreadable, match=r"00h_ticks\.bi5, row \d+: the file is cut off"):
        found.extend(part_of(files).reader.blocks(files.precision, Place()))
    whole = read(file_set(HOUR_00)).rows
    kept = len(found[0].rows)
    assert 1_000 < kept < len(whole)
    assert found[0].rows.ts.tolist() == whole.ts[:kept].tolist()


def test_a_record_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD/2019/01/04/00h_ticks.bi5"
    path.parent.mkdir(parents=True)
    body = struct.pack(">3I2f", 1, 2, 1, 1.0, 1.0) + b"\x00" * 7
    path.write_bytes(lzma.compress(body, format=lzma.FORMAT_ALONE))
    source = Ingested(file_set(path))
    assert source.summary.rows_accepted == 1
    assert [(r.row, r.reason) for r in source.refused()] == [(2, "truncated")]


def test_odd_records_are_refused_with_their_number(tmp_path: Path) -> None:
    ticks = [(1, 3, 2, 1.0, 1.0), (3_600_000, 3, 2, 1.0, 1.0), (5, 3, 2, math.nan, 1.0)]
    path = bi5(tmp_path / "EURUSD/2019/01/04/00h_ticks.bi5", ticks)
    source = Ingested(file_set(path))
    assert [(r.row, r.field, r.reason) for r in source.refused()] == [
        (2, "time", "time_out_of_range"),
        (3, "ask_size", "not_a_number"),
    ]
    assert source.times() == [ns("2019-02-04") + SECOND // 1000]
