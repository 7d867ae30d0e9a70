"""CSV files whose columns are known by their names."""

import gzip
from pathlib import Path

import pytest

from actors.feeds.errors import FeedError, Unreadable
from actors.feeds.formats.format import FileOptions
from actors.feeds.rows import Place
from actors.feeds.survey import FileSet, Wanted, survey
from events.batches import BatchKind
from tests.actors.feeds.material import (
    Ingested,
    file_set,
    ns,
    only,
    part_of,
    read,
    shared,
    written,
)


def eurusd(path: Path, **options: str) -> FileSet:
    return file_set(path, symbol="EUR/USD", venue="FXCM", **options)


def mapped(path: Path, **columns: str) -> FileSet:
    wanted = Wanted(instruments=("EUR/USD",), venue="FXCM", files=FileOptions(columns=columns))
    return only(survey([path], wanted))


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("timestamp,bid,ask", "2013-02-01T00:00:00Z,1.1,1.2", BatchKind.QUOTES),
        ("Time;BidPrice;AskPrice", "1359676800;1.1;1.2", BatchKind.QUOTES),
        ("date\tprice\tqty", "1359676800000\t1.1\t5", BatchKind.TRADES),
        ('"ts","last","size"', '"1359676800000000","1.1","5"', BatchKind.TRADES),
    ],
)
def test_usual_names_and_delimiters_are_understood(
    tmp_path: Path, header: str, row: str, kind: BatchKind
) -> None:
    files = eurusd(written(tmp_path / "a.csv", f"{header}\n{row}\n"))
    block = read(files)
    assert files.kind is kind
    assert block.rows.ts.tolist() == [ns("2013-02-01")]
    assert int(next(iter(block.rows.columns.values()))[0]) == 110_000


def test_bars_are_known_when_they_close(tmp_path: Path) -> None:
    text = "time,open,high,low,close,volume\n" + "".join(
        f"2013-02-01 00:{minute:02d}:00,1.1,1.3,1.0,1.2,7\n" for minute in (0, 1, 5)
    )
    files = eurusd(written(tmp_path / "a.csv", text))
    assert files.interval == "1m"
    assert read(files).rows.ts[0] == ns("2013-02-01T00:01")


def test_bars_may_be_stamped_with_their_close(tmp_path: Path) -> None:
    text = "time,o,h,l,c\n2013-02-01T01:00,1.1,1.3,1.0,1.2\n"
    files = eurusd(written(tmp_path / "a.csv", text), interval="1h", bar_time="close")
    assert read(files).rows.ts.tolist() == [ns("2013-02-01T01:00")]


def test_the_interval_of_a_single_bar_must_be_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,o,h,l,c\n2013-02-01T01:00,1.1,1.3,1.0,1.2\n")
    with pytest.raises(FeedError, match=r"a\.csv: cannot tell the interval of its bars"):
        eurusd(path)


def bars_apart(folder: Path, *times: str) -> Path:
    rows = "".join(f"{time},1.1,1.3,1.0,1.2\n" for time in times)
    return written(folder / "a.csv", f"time,o,h,l,c\n{rows}")


def test_an_interval_longer_than_the_bars_lie_apart_is_refused(tmp_path: Path) -> None:
    minutes = [f"2013-02-01T01:{minute:02}" for minute in (0, 1, 2, 7, 8)]
    with pytest.raises(FeedError, match=r"a\.csv: its bars are 1m apart, .* cannot be 5m"):
        eurusd(bars_apart(tmp_path, *minutes), interval="5m")


@pytest.mark.parametrize("given", ["1m", "60s", "5m"])
def test_bars_may_lie_further_apart_than_their_interval(tmp_path: Path, given: str) -> None:
    path = bars_apart(tmp_path, "2013-02-01T01:00", "2013-02-01T01:05", "2013-02-01T01:10")
    assert eurusd(path, interval=given).interval == given


def test_a_day_of_23_hours_is_a_day(tmp_path: Path) -> None:
    path = bars_apart(tmp_path, "2013-03-10 00:00", "2013-03-11 00:00")
    assert eurusd(path, interval="1d", timezone="America/New_York").interval == "1d"


def test_bars_of_both_sides_are_quote_bars(tmp_path: Path) -> None:
    names = [
        f"{side}_{name}" for side in ("bid", "ask") for name in ("open", "high", "low", "close")
    ]
    text = f"time,{','.join(names)}\n2013-02-01T01:00,1,3,1,2,2,4,2,3\n"
    files = eurusd(written(tmp_path / "a.csv", text), interval="1h")
    block = read(files)
    assert files.kind is BatchKind.QUOTE_BARS
    assert (block.rows.columns["ask_high"][0], block.rows.columns["ask_size"][0]) == (400_000, 0)


def test_columns_of_other_names_can_be_mapped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "wann,geld,brief\n1359676800,1.1,1.2\n")
    files = mapped(path, wann="time", geld="bid", brief="ask")
    assert read(files).rows.columns["ask"].tolist() == [120_000]


def test_a_mapped_column_goes_before_one_with_the_usual_name(tmp_path: Path) -> None:
    text = "time,sent,bid,ask\n1359676800,1359676801,1.1,1.2\n"
    block = read(mapped(written(tmp_path / "a.csv", text), sent="time"))
    assert block.rows.ts.tolist() == [ns("2013-02-01T00:00:01")]


def test_a_mapping_to_a_meaning_that_there_is_not_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask,depth\n1359676800,1.1,1.2,5\n")
    with pytest.raises(FeedError, match="column 'depth' cannot mean 'bidsize'; there are: time,"):
        mapped(path, depth="bidsize")


def test_a_day_and_a_time_of_day_in_two_columns_are_not_taken_for_one_time(tmp_path: Path) -> None:
    text = "Date,Time,Open,High,Low,Close\n" + "".join(
        f"2013-02-01,00:0{minute}:00,1.1,1.3,1.0,1.2\n" for minute in (0, 1)
    )
    path = written(tmp_path / "a.csv", text)
    with pytest.raises(Unreadable, match=r"row 1: the columns Date and Time both say the time"):
        eurusd(path)
    with pytest.raises(FeedError, match="cannot tell the interval"):
        mapped(path, Time="")


def test_trades_without_a_size_are_told_as_lacking_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,price\n1359676800,1.1\n")
    with pytest.raises(Unreadable, match=r"neither .* trades \(time, price, size\)"):
        eurusd(path)


def test_wrong_columns_name_the_file_and_the_row(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,colour\n1359676800,red\n")
    with pytest.raises(Unreadable, match=r"a\.csv, row 1: the columns 'time, colour' are neither"):
        eurusd(path)


def test_an_empty_file_lacks_its_header(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"a\.csv, row 1: the file is empty"):
        eurusd(written(tmp_path / "a.csv", ""))


def test_mixed_time_zones_end_the_ingest_and_keep_what_was_good(tmp_path: Path) -> None:
    text = (
        "time,bid,ask\n2013-02-01T00:00:00Z,1.1,1.2\n2013-02-01T00:00:01Z,1.1,1.2\n"
        "2013-02-01T00:00:02+02:00,1.1,1.2\n2013-02-01T00:00:03Z,1.1,1.2\n"
    )
    source = Ingested(eurusd(written(tmp_path / "a.csv", text)))
    assert source.times() == [ns("2013-02-01T00:00:00"), ns("2013-02-01T00:00:01")]
    assert [(r.file, r.row, r.reason) for r in source.refused()] == [
        ("a.csv", 4, "mixed_time_zones")
    ]
    assert "a.csv, row 4: field time: another time zone" in str(source.failure)


def test_offsets_may_differ_where_the_zone_was_said(tmp_path: Path) -> None:
    text = "time,bid,ask\n2013-02-01T00:00-05:00,1.1,1.2\n2013-07-01T00:00-04:00,1.1,1.2\n"
    block = read(eurusd(written(tmp_path / "a.csv", text), timezone="America/New_York"))
    assert block.rows.ts.tolist() == [ns("2013-02-01T05:00"), ns("2013-07-01T04:00")]


def test_times_without_offset_are_of_the_zone_that_was_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask\n2013-07-01 09:30:00,1.1,1.2\n")
    assert read(eurusd(path, timezone="America/New_York")).rows.ts.tolist() == [
        ns("2013-07-01T13:30")
    ]
    assert read(eurusd(path)).rows.ts.tolist() == [ns("2013-07-01T09:30")]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"time,bid,ask\n1359676800,1.1,1.2\n"))
    assert len(read(eurusd(path)).rows) == 1


def test_prices_widen_the_precision_that_the_symbol_implies(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask\n1359676800,1.1000007,1.2\n")
    files = eurusd(path)
    assert files.instrument.price_precision == 7
    assert read(files).rows.columns["bid"].tolist() == [11_000_007]


def test_a_file_that_does_not_name_its_instrument_needs_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask\n1359676800,1.1,1.2\n")
    with pytest.raises(FeedError, match=r"a\.csv: does not say its instrument"):
        survey([path], Wanted(venue="FXCM"))
    with pytest.raises(FeedError, match=r"a\.csv: does not say its venue"):
        survey([path], Wanted(instruments=("EUR/USD",)))


def test_reads_usdjpy_minutes_with_offsets() -> None:
    path = shared("nautilus/fxcm/usdjpy-m1-bid-2013.csv")
    files = file_set(path, symbol="USD/JPY", venue="FXCM")
    block = read(files)
    assert (len(block.rows), files.interval, files.instrument.price_precision) == (28_761, "1m", 3)
    assert block.rows.ts[0] == ns("2013-02-01T00:01")
    assert block.rows.columns["close"][:2].tolist() == [91_653, 91_661]


def test_reads_gemini_trades_to_the_millisecond() -> None:
    path = shared("ccapi/gemini__eth-usd__2021-07-01__trade.csv")
    source = Ingested(file_set(path, symbol="ETH/USD", venue="GEMINI"))
    assert source.summary.rows_accepted == 25_222
    assert source.times()[0] == ns("2021-07-01T00:00:21.647")
    assert source.column("size")[0] == 4_090_000
    assert source.column("aggressor")[0] == -1


def test_a_reader_goes_on_inside_a_file(tmp_path: Path) -> None:
    text = "time,bid,ask\n" + "".join(f"{1359676800 + i},1.1,1.2\n" for i in range(5))
    files = eurusd(written(tmp_path / "a.csv", text))
    whole = read(files).rows
    third = text.index("1359676802")
    (rest,) = part_of(files).reader.blocks(files.precision, Place(third, 3))
    assert rest.rows.ts.tolist() == whole.ts[2:].tolist()
    assert rest.rows.origin(0).number == 4
