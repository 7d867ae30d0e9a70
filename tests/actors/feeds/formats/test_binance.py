"""Binance's public data, with and without header, in milliseconds and microseconds."""

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from actors.feeds.errors import Unreadable
from actors.feeds.survey import Wanted, survey
from events.batches import BatchKind
from tests.actors.feeds.material import (
    MINUTE,
    Ingested,
    blocks,
    file_set,
    ns,
    read,
    shared,
    written,
    zipped,
)

KLINE = (
    "1637971200000,0.00002853,0.00002854,0.00002851,0.00002854,36304.2,1637971259999,1,79,1,0,0\n"
)
HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
    "taker_buy_quote_volume,ignore\n"
)


@pytest.mark.parametrize("header", ["", HEADER])
def test_a_kline_is_known_when_it_closes(tmp_path: Path, header: str) -> None:
    files = file_set(written(tmp_path / "ADABTC-1m-2021-11-27.csv", header + KLINE))
    block = read(files)
    assert (files.instrument.id, files.interval) == ("ADABTC.BINANCE", "1m")
    assert files.instrument.price_precision == 8
    assert block.rows.ts.tolist() == [ns("2021-11-27T00:01")]
    assert {name: int(column[0]) for name, column in block.rows.columns.items()} == {
        "open": 2853,
        "high": 2854,
        "low": 2851,
        "close": 2854,
        "volume": 3_630_420_000_000,
    }
    assert block.rows.origin(0).number == (2 if header else 1)


def test_microseconds_are_told_by_their_length(tmp_path: Path) -> None:
    text = "1,93500.01,0.5,46750,1735689600000001,True,True\n"
    block = read(file_set(written(tmp_path / "BTCUSDT-trades-2025-01-01.csv", text)))
    assert block.rows.ts.tolist() == [ns("2025-01-01T00:00:00.000001")]


def test_the_taker_sold_when_the_buyer_was_maker(tmp_path: Path) -> None:
    text = "7,1.5,2,3,1735689600000,True,True\n8,1.5,2,3,1735689600001,false,True\n"
    source = Ingested(file_set(written(tmp_path / "BTCUSDT-trades-2024-01-01.csv", text)))
    assert source.column("aggressor") == [-1, 1]
    assert source.trade_ids() == ["7", "8"]
    assert source.records()[-1].kind is BatchKind.TRADES


def test_futures_trades_lack_the_last_column(tmp_path: Path) -> None:
    text = "id,price,qty,quote_qty,time,is_buyer_maker\n5,61000.1,0.002,122,1723075200000,false\n"
    path = zipped(
        tmp_path / "BTCUSDT-trades-2024-08-08.zip", {"BTCUSDT-trades-2024-08-08.csv": text}
    )
    source = Ingested(file_set(path, symbol="BTCUSDT-PERP"))
    assert source.instrument().id == "BTCUSDT-PERP.BINANCE"
    assert source.column("size") == [2]
    assert source.times() == [ns("2024-08-08")]


def test_aggregated_trades_have_their_time_in_the_sixth_column(tmp_path: Path) -> None:
    text = "11,1.5,2,100,101,1735689600000,True,True\n"
    source = Ingested(file_set(written(tmp_path / "BTCUSDT-aggTrades-2024-01-01.csv", text)))
    assert (source.times(), source.trade_ids()) == ([ns("2025-01-01")], ["11"])


def test_a_repeated_trade_id_is_a_duplicate(tmp_path: Path) -> None:
    text = "7,1.5,2,3,1735689600000,True,True\n" * 2 + "8,1.5,2,3,1735689600000,True,True\n"
    source = Ingested(file_set(written(tmp_path / "BTCUSDT-trades-2024-01-01.csv", text)))
    assert source.trade_ids() == ["7", "8"]
    assert [(r.row, r.reason) for r in source.refused()] == [(2, "duplicate")]


def test_a_file_without_rows_is_no_market_data(tmp_path: Path) -> None:
    path = written(tmp_path / "ADABTC-1m-2021-11-27.csv", HEADER)
    with pytest.raises(Exception, match="no market data found"):
        survey([path], Wanted())


def test_a_zip_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "ADABTC-1m-2021-11-27.zip", {"a.csv": KLINE})
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(Unreadable, match="the archive is damaged"):
        survey([path], Wanted())


def test_a_month_of_klines_is_read_exactly() -> None:
    path = shared("binance_public_isda/FILUSDT-1m-2024-11.zip")
    files = file_set(path)
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(archive.namelist()[0]).decode())))
    ts = [ts for block in blocks(files) for ts in block.rows.ts.tolist()]
    closes = [c for block in blocks(files) for c in block.rows.columns["close"].tolist()]
    assert len(ts) == 43_200
    assert ts == [int(row["open_time"]) * 1_000_000 + MINUTE for row in rows]
    assert closes == [int(Decimal(row["close"]).scaleb(files.precision.price)) for row in rows]
