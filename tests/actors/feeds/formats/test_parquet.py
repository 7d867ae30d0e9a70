"""Parquet and Feather tables, exactly whatever type their numbers have."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from actors.feeds.errors import Unreadable
from actors.feeds.rows import Place
from actors.feeds.survey import FileSet
from events.batches import BatchKind
from tests.actors.feeds.material import Ingested, file_set, ns, part_of, read, shared

START = ns("2013-02-01")


def eurusd(path: Path, **options: str) -> FileSet:
    return file_set(path, symbol="EUR/USD", venue="FXCM", **options)


def parquet(path: Path, columns: dict[str, pa.Array], **options: int) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def stamps(count: int, kind: pa.DataType) -> pa.Array:
    return pa.array([START + i * 10**9 for i in range(count)]).cast(pa.timestamp("ns")).cast(kind)


@pytest.mark.parametrize(
    "prices",
    [
        pa.array([1.38745, 1.1]),
        pa.array([Decimal("1.38745"), Decimal("1.10000")]),
        pa.array(["1.38745", "1.1"]),
    ],
    ids=["float", "decimal", "text"],
)
def test_prices_are_exact(tmp_path: Path, prices: pa.Array) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        {"time": stamps(2, pa.timestamp("us")), "bid": prices, "ask": prices},
    )
    assert read(eurusd(path)).rows.columns["bid"].tolist() == [138_745, 110_000]


def test_floats_that_print_with_an_exponent_are_exact(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        {"time": pa.array([START]), "price": pa.array([2.853e-05]), "size": pa.array([1])},
    )
    files = file_set(path, symbol="ADA/BTC", venue="BINANCE")
    assert files.instrument.price_precision == 8
    assert read(files).rows.columns["price"].tolist() == [2853]


@pytest.mark.parametrize(
    ("kind", "zone", "first"),
    [
        (pa.timestamp("us", tz="America/New_York"), "", "2013-02-01T00:00"),
        (pa.timestamp("ms"), "", "2013-02-01T00:00"),
        (pa.timestamp("ms"), "America/New_York", "2013-02-01T05:00"),
    ],
)
def test_times_are_instants(tmp_path: Path, kind: pa.DataType, zone: str, first: str) -> None:
    ones = pa.array([1.0])
    path = parquet(tmp_path / "a.parquet", {"time": stamps(1, kind), "bid": ones, "ask": ones})
    assert read(eurusd(path, timezone=zone)).rows.ts.tolist() == [ns(first)]


def test_missing_values_are_refused_with_their_record(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        {
            "time": pa.array([START, None, START + 2]),
            "bid": pa.array([1.0, 1.0, None]),
            "ask": pa.array([1.5, 1.5, 1.5]),
        },
    )
    source = Ingested(eurusd(path))
    assert [(r.row, r.field, r.reason) for r in source.refused()] == [
        (2, "time", "missing"),
        (3, "bid", "missing"),
    ]
    assert source.summary.rows_accepted == 1


def test_not_a_number_is_refused(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        {"time": pa.array([START]), "bid": pa.array([float("nan")]), "ask": pa.array([1.0])},
    )
    assert [r.reason for r in Ingested(eurusd(path)).refused()] == ["not_a_number"]


def test_reading_goes_on_inside_a_row_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actors.feeds.formats.parquet._ROWS_A_BLOCK", 4)
    ones = pa.array([1.0] * 11)
    path = parquet(
        tmp_path / "a.parquet",
        {"time": stamps(11, pa.timestamp("us")), "bid": ones, "ask": ones},
        row_group_size=3,
    )
    files = eurusd(path)
    found = list(part_of(files).reader.blocks(files.precision, Place()))
    assert [len(block.rows) for block in found] == [4, 4, 3]
    rest = list(part_of(files).reader.blocks(files.precision, found[0].end))
    assert [block.rows.ts.tolist() for block in rest] == [b.rows.ts.tolist() for b in found[1:]]
    assert rest[-1].rows.origin(0).number == 9


def test_bars_of_a_feather_file_are_known_when_they_close(tmp_path: Path) -> None:
    ones = pa.array([1.0, 1.0])
    columns = dict.fromkeys(("open", "high", "low", "close", "volume"), ones)
    table = pa.table({"date": pa.array([START, START + 300 * 10**9]), **columns})
    feather.write_feather(table, tmp_path / "a.feather")
    files = eurusd(tmp_path / "a.feather")
    assert (files.kind, files.interval) == (BatchKind.TRADE_BARS, "5m")
    assert read(files).rows.ts[0] == ns("2013-02-01T00:05")


def test_bytes_that_are_no_parquet_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(Unreadable, match=r"a\.parquet: the file is damaged"):
        eurusd(path)


def test_reads_five_minute_bars_of_a_coin() -> None:
    path = shared("freqtrade/ADA_BTC-5m.feather")
    source = Ingested(file_set(path, symbol="ADA/BTC", venue="BINANCE"))
    frame = feather.read_table(path)
    assert source.summary.rows_accepted == frame.num_rows
    closes = [Decimal(str(value)) for value in frame.column("close").to_pylist()]
    places = source.instrument().price_precision
    assert source.column("close") == [int(close.scaleb(places)) for close in closes]
