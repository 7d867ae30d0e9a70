"""Files become a source: nothing lost, every refusal recorded, and a crash changes nothing."""

import zipfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from actors.feeds.errors import FeedError
from actors.feeds.files import FileFeed, ingest
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.summary import IngestFailed, IngestSummary
from actors.feeds.survey import FileSet
from actors.feeds.text.lines import line_blocks
from events.backends.memory.market_log import MemoryMarketLog
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import BatchKind, Terms
from events.market_log import MarketWriter
from schemas.market import Instrument
from tests.actors.feeds.material import (
    DUKASCOPY,
    FXCM_DAY,
    Ingested,
    bi5,
    contents,
    file_set,
    fxcm_ticks,
    ns,
    written,
)


def test_a_day_of_fxcm_is_counted_row_by_row() -> None:
    source = Ingested(file_set(FXCM_DAY))
    assert source.summary == IngestSummary(
        rows_read=51_053,
        rows_accepted=51_053 - crossed_ticks(),
        rows_refused=crossed_ticks(),
        refused_by_reason={"crossed": crossed_ticks()},
        first_ts=ns("2014-05-01T05:00:01.787"),
        last_ts=ns("2014-05-02T04:59:47.638"),
    )
    assert source.log.sealed(source.feed.source)


def crossed_ticks() -> int:
    with zipfile.ZipFile(FXCM_DAY) as archive:
        rows = [line.split(b",") for line in archive.read(archive.namelist()[0]).split()]
    return sum(float(ask) < float(bid) for _, bid, ask in rows)


def test_every_refused_row_is_a_fact_with_its_line_and_text() -> None:
    source = Ingested(file_set(FXCM_DAY))
    first = source.refused()[0]
    assert len(source.refused()) == source.summary.rows_refused
    assert (first.file, first.field, first.reason, first.instrument) == (
        "20140501_quote.zip/20140501_eurusd_tick_quote.csv",
        "ask",
        "crossed",
        "EUR/USD.FXCM",
    )
    assert first.raw == line_of_fxcm(first.row)


def line_of_fxcm(number: int) -> str:
    with zipfile.ZipFile(FXCM_DAY) as archive:
        return archive.read(archive.namelist()[0]).decode().split()[number - 1]


def test_a_source_begins_with_its_instrument_and_time_never_goes_back() -> None:
    source = Ingested(file_set(FXCM_DAY))
    assert source.instrument().id == "EUR/USD.FXCM"
    every = [
        ts
        for record in source.records()
        for ts in record.batch.column("ts_event").view("int64").to_pylist()
    ]
    of_facts = [
        ts
        for record in source.records()
        if record.kind is BatchKind.FACTS
        for ts in record.batch.column("ts_event").view("int64").to_pylist()
    ]
    assert every[0] == source.summary.first_ts
    assert source.times() == sorted(source.times())
    assert of_facts == sorted(of_facts)


def test_rows_say_how_they_are_to_be_read() -> None:
    record = Ingested(file_set(FXCM_DAY)).records()[-1]
    assert record.terms == Terms(instrument="EUR/USD.FXCM", price_precision=5, size_precision=0)


def test_a_weekend_is_a_gap_that_was_expected(tmp_path: Path) -> None:
    friday = fxcm_ticks(tmp_path, f"{16 * HOUR_MS - 1},1.5,1.6\n", "20140502")
    sunday = fxcm_ticks(tmp_path, f"{16 * HOUR_MS + 1},1.5,1.6\n", "20140504")
    source = Ingested(file_set(friday, sunday))
    (gap,) = source.gaps()
    assert (gap.expected, gap.instrument) == (True, "EUR/USD.FXCM")
    assert (gap.ts_from, gap.ts_to) == tuple(source.times())
    assert (source.summary.gaps, source.summary.gaps_expected) == (0, 1)


def test_a_silence_within_the_week_is_a_gap_that_was_not(tmp_path: Path) -> None:
    path = fxcm_ticks(tmp_path, f"0,1.5,1.6\n{HOUR_MS},1.5,1.6\n", "20140506")
    source = Ingested(file_set(path))
    assert [gap.expected for gap in source.gaps()] == [False]
    assert (source.summary.gaps, source.summary.gaps_expected) == (1, 0)


HOUR_MS = 3_600_000


def test_files_may_be_named_in_any_order(tmp_path: Path) -> None:
    first = fxcm_ticks(tmp_path, "1,1.5,1.6\n", "20140505")
    second = fxcm_ticks(tmp_path, "1,1.7,1.8\n", "20140506")
    source = Ingested(file_set(second, first))
    assert source.column("bid") == [150_000, 170_000]


def test_rows_of_overlapping_files_are_out_of_order(tmp_path: Path) -> None:
    text = "time,bid,ask\n100000,1.1,1.2\n100010,1.1,1.3\n"
    again = "time,bid,ask\n100005,1.1,1.2\n100010,1.1,1.4\n100011,1.1,1.2\n"
    paths = written(tmp_path / "a.csv", text), written(tmp_path / "b.csv", again)
    source = Ingested(file_set(*paths, symbol="EUR/USD", venue="FXCM"))
    assert source.column("ask") == [120_000, 130_000, 140_000, 120_000]
    assert [(r.file, r.row, r.reason) for r in source.refused()] == [("b.csv", 2, "out_of_order")]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("5,nan,1.6", "bid", "not_a_number"),
        ("5,-1.5,1.6", "bid", "non_positive"),
        ("5,1.5", "", "wrong_columns"),
        ("5,,1.6", "bid", "missing"),
        ("x,1.5,1.6", "time", "not_a_number"),
    ],
)
def test_a_bad_row_is_refused_and_its_neighbours_are_kept(
    tmp_path: Path, row: str, field: str, reason: str
) -> None:
    source = Ingested(file_set(fxcm_ticks(tmp_path, f"1,1.5,1.6\n{row}\n9,1.5,1.6\n")))
    (refused,) = source.refused()
    assert (refused.row, refused.field, refused.reason, refused.raw) == (2, field, reason, row)
    assert source.summary.rows_accepted == 2


def test_a_price_finer_than_all_before_is_refused_and_not_rounded(tmp_path: Path) -> None:
    # Precision is inferred from the first 64 kB.
    rows = [f"{ms},1.5,1.6" for ms in range(8_000)] + ["8000,1.5,1.6000001"]
    source = Ingested(file_set(fxcm_ticks(tmp_path, "\n".join(rows))))
    assert [(r.row, r.field, r.reason) for r in source.refused()] == [(8_001, "ask", "too_precise")]


def test_a_damaged_file_stops_the_ingest_and_names_it(tmp_path: Path) -> None:
    good, bad = damaged_after_good(tmp_path)
    source = Ingested(file_set(good, bad))
    assert source.column("bid") == [150_000]
    assert source.failure is not None
    assert "01h_ticks.bi5: not an LZMA file" in str(source.failure)
    assert [(r.row, r.reason) for r in source.refused()] == [(0, "damaged")]


def test_a_damaged_file_is_left_out_on_request(tmp_path: Path) -> None:
    paths = damaged_after_good(tmp_path)
    later = tmp_path / "EURUSD/2019/01/04/02h_ticks.bi5"
    later.write_bytes((DUKASCOPY / "EURUSD/2019/01/04/22h_ticks.bi5").read_bytes())
    source = Ingested(file_set(*paths, later), QualityPolicy(on_bad_file="skip"))
    assert source.failure is None
    assert source.summary.rows_accepted > 1_000
    assert len(source.summary.files_refused) == 1


def damaged_after_good(folder: Path) -> tuple[Path, Path]:
    day = folder / "EURUSD/2019/01/04"
    good = bi5(day / "00h_ticks.bi5", [(1000, 160_000, 150_000, 1.0, 1.0)])
    bad = day / "01h_ticks.bi5"
    bad.write_bytes((DUKASCOPY / "HistoryStart.bi5").read_bytes())
    return good, bad


def test_ingesting_again_counts_the_same_and_writes_nothing(tmp_path: Path) -> None:
    log = SqliteMarketLog(tmp_path)
    files = file_set(FXCM_DAY)
    first = ingest(log, files)
    (source,) = log.sources()
    rows = log.end(source)
    assert ingest(log, files) == first
    assert (log.sources(), log.end(source)) == ([source], rows)


def test_an_ingest_that_failed_fails_again_and_writes_nothing(tmp_path: Path) -> None:
    log, files = MemoryMarketLog(), file_set(*damaged_after_good(tmp_path))
    summaries = []
    for _ in range(2):
        with pytest.raises(IngestFailed) as raised:
            ingest(log, files)
        summaries.append((raised.value.summary, log.end(log.sources()[0])))
    assert summaries[0] == summaries[1]


def test_the_checkpoint_of_another_source_is_refused() -> None:
    feed = FileFeed(file_set(FXCM_DAY))
    other = FileFeed(file_set(FXCM_DAY), QualityPolicy(crossed=Action.KEEP))
    log = MemoryMarketLog()
    with log.open("shared-name") as writer:
        feed.ingest(writer)
    with (
        log.open("shared-name") as writer,
        pytest.raises(FeedError, match="holds the checkpoint of"),
    ):
        other.ingest(writer)


def test_progress_is_told_as_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    told: list[IngestSummary] = []
    summary = ingest(MemoryMarketLog(), file_set(FXCM_DAY), progress=told.append)
    assert len(told) > 50
    assert [each.rows_read for each in told] == sorted(each.rows_read for each in told)
    assert told[-1] == summary


class Killed(Exception):
    """The process ended here."""


class DyingWriter:
    """Makes every record durable at once, and dies before the one after ``survives``."""

    def __init__(self, writer: MarketWriter, survives: int) -> None:
        self._writer = writer
        self._left = survives

    def __getattr__(self, name: str) -> object:
        return getattr(self._writer, name)

    def append(
        self, kind: BatchKind, terms: Terms, batch: pa.RecordBatch, *, checkpoint: bytes
    ) -> None:
        if self._left == 0:
            raise Killed
        self._left -= 1
        self._writer.append(kind, terms, batch, checkpoint=checkpoint)
        self._writer.flush()


def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "actors.feeds.formats.delimited.line_blocks", partial(line_blocks, size=16_384)
    )


def three_files(folder: Path) -> FileSet:
    """Crossed, late, doubled, unreadable and too wide rows, over three files and many blocks."""
    paths = []
    for day in range(3):
        rows = []
        for i in range(1_500):
            ms = i * 40_000 + (-30_000 if i % 97 == 0 else 0)
            bid = 15_000 + i % 7 + (2_000 if i % 501 == 0 else 0)
            ask = bid + (-1 if i % 10 == 3 else 2)
            rows.append(f"{max(ms, 0)},1.{bid},1.{ask}" if i % 450 != 7 else f"{ms},oops,1.{ask}")
        paths.append(fxcm_ticks(folder, "\n".join(rows), f"2014050{5 + day}"))
    return file_set(*paths)


@pytest.mark.parametrize(
    "policy",
    [
        QualityPolicy(spike=Action.DROP),
        QualityPolicy(crossed=Action.REPAIR, out_of_order=Action.REPAIR, reorder_within_ms=60_000),
    ],
    ids=["dropping", "repairing"],
)
def test_a_crash_at_every_record_ends_in_the_undisturbed_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: QualityPolicy
) -> None:
    small_blocks(monkeypatch)
    feed = FileFeed(three_files(tmp_path), policy, rows_per_record=300)
    undisturbed, summary = run(feed, MemoryMarketLog())
    assert summary.rows_read == 4_500
    assert summary.rows_accepted + summary.rows_refused == 4_500
    for survives in range(len(undisturbed)):
        log = MemoryMarketLog()
        with log.open(feed.source) as writer, pytest.raises(Killed):
            feed.ingest(DyingWriter(writer, survives))  # type: ignore[arg-type]  # a part of it
        assert run(feed, log) == (undisturbed, summary)


def test_a_run_that_dies_after_every_record_gets_there_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch)
    feed = FileFeed(three_files(tmp_path), rows_per_record=500)
    undisturbed, _ = run(feed, MemoryMarketLog())
    log = MemoryMarketLog()
    for _ in undisturbed[1:]:
        with log.open(feed.source) as writer, pytest.raises(Killed):
            feed.ingest(DyingWriter(writer, 1))  # type: ignore[arg-type]  # a part of it
    assert run(feed, log)[0] == undisturbed


def test_a_crash_before_mixed_time_zones_ends_in_the_undisturbed_log(tmp_path: Path) -> None:
    text = "time,bid,ask\n" + "".join(f"2013-02-01T00:00:{i:02d}Z,1.1,1.2{i}\n" for i in range(5))
    path = written(tmp_path / "a.csv", text + "2013-02-01T00:01:00,1.1,1.2\n" + text[13:])
    feed = FileFeed(file_set(path, symbol="EUR/USD", venue="FXCM"), rows_per_record=2)
    undisturbed, summary = run(feed, MemoryMarketLog())
    assert summary.rows_accepted == 5
    for survives in range(len(undisturbed)):
        log = MemoryMarketLog()
        with log.open(feed.source) as writer, pytest.raises(Killed):
            feed.ingest(DyingWriter(writer, survives))  # type: ignore[arg-type]  # a part of it
        assert run(feed, log) == (undisturbed, summary)


def run(feed: FileFeed, log: MemoryMarketLog) -> tuple[list[tuple[object, ...]], IngestSummary]:
    with log.open(feed.source) as writer:
        try:
            summary = feed.ingest(writer)
        except IngestFailed as failure:
            summary = failure.summary
    return contents(list(log.read(feed.source))), summary


def test_a_source_of_nothing_still_says_what_it_is_about(tmp_path: Path) -> None:
    source = Ingested(file_set(fxcm_ticks(tmp_path, "x,y,z\n")))
    facts = source.facts()
    assert isinstance(facts[0], Instrument)
    assert [r.reason for r in source.refused()] == ["not_a_number"]
    assert source.summary.first_ts is None
