"""The projector keeps the tables equal to the logs, whatever stops it and wherever."""

from pathlib import Path
from threading import Event, Thread

import pyarrow as pa
import pytest

from events.backends.files.span_file import SpanFile, SpanFiles
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from projections.layout import prepare
from projections.projector import Pace, Projector
from projections.rebuilding import rebuild
from projections.store.port import Store
from tests.events.backends.files.test_span_file import span
from tests.projections.recorded import (
    RUN,
    SOURCE,
    assert_holds,
    rows_expected,
    write_journal,
    write_market,
)
from tests.support.waiting import wait_until

SMALL = Pace(rows_max=100, steps_max=7, linger_s=0.0)


class Crash(BaseException):
    """The process ended."""


class Crashing:
    """A store whose process ends after ``n`` inserts, in the middle of one that leaves half."""

    def __init__(self, store: Store, n: int) -> None:
        self._store = store
        self._left = n

    def insert(self, table: str, rows: pa.Table) -> None:
        self._left -= 1
        if self._left < 0:
            half = rows.num_rows // 2
            self._store.insert(table, rows.slice(half)) if half else None
            raise Crash
        self._store.insert(table, rows)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


@pytest.fixture
def log() -> MemoryMarketLog:
    return MemoryMarketLog()


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def project(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal, *sources: str, run: str = RUN
) -> Projector:
    projector = Projector(store, log, journal, run, sources=sources, pace=SMALL)
    projector.run(until=lambda: True)
    return projector


def test_projects_a_run_and_what_it_consumed_of_its_sources(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 1000)
    write_journal(journal, 40)
    progress = project(store, log, journal).progress()
    assert (progress.steps, progress.sources) == (40, {SOURCE: 400})
    assert_holds(store, rows_expected(log, journal, market_rows=400))


def test_tells_every_step_once_and_in_order_wherever_an_earlier_projector_stopped(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 1000)
    write_journal(journal, 10)
    project(store, log, journal)
    write_journal(journal, 40)
    told: list[int] = []
    projector = Projector(store, log, journal, RUN, pace=SMALL)
    projector.tell(lambda step: told.append(step.seq))
    projector.run(until=lambda: True)
    assert told == list(range(journal.end()))


def test_projects_whole_sources_when_asked_to(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 1000)
    write_journal(journal, 40)
    progress = project(store, log, journal, SOURCE).progress()
    assert progress.sources == {SOURCE: 1000}
    assert_holds(store, rows_expected(log, journal, market_rows=1000))


def test_nothing_recorded_is_nothing_projected(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    progress = project(store, log, journal, "a source that is not there yet").progress()
    assert (progress.steps, progress.rows) == (0, 0)
    assert_holds(store, {})


def test_projecting_again_inserts_nothing(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 300)
    write_journal(journal, 30)
    first = project(store, log, journal).progress()
    again = project(store, log, journal).progress()
    assert first.rows > 300
    assert (again.steps, again.sources, again.rows) == (30, {SOURCE: 300}, 0)


def test_the_ticks_of_a_source_are_inserted_for_the_first_run_only(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 300)
    project(store, log, journal, SOURCE, run="run-0")
    inserted = store.query("SELECT count() FROM stored_quotes").rows
    write_journal(journal, 30)
    progress = project(store, log, journal, SOURCE).progress()
    assert store.query("SELECT count() FROM stored_quotes").rows == inserted == ((300,),)
    assert progress.sources == {SOURCE: 300}


def test_goes_on_where_the_logs_grew(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    for steps in (5, 1, 20):
        write_market(log, steps * 10)
        write_journal(journal, steps)
        project(store, log, journal)
    assert_holds(store, rows_expected(log, journal, market_rows=260))


def test_a_crash_in_any_insert_loses_nothing_and_doubles_nothing(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 450)
    write_journal(journal, 45)
    crashes = 0
    while True:
        try:
            project(Crashing(store, crashes), log, journal)  # type: ignore[arg-type] # delegates
            break
        except Crash:
            crashes += 1
    # A batch of steps is three inserts and a checkpoint: fewer crashes would have missed a place.
    assert crashes >= 4
    assert_holds(store, rows_expected(log, journal, market_rows=450))


def test_ticks_that_were_missing_at_a_crash_come_with_the_next_projector(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 300)
    write_journal(journal, 30)
    first = Projector(store, log, journal, RUN, pace=Pace(rows_max=100, steps_max=30))
    assert first.turn()
    assert first.progress().sources == {SOURCE: 100}
    project(store, log, journal)
    assert_holds(store, rows_expected(log, journal, market_rows=300))


def test_no_stream_starves_another(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 1000)
    write_market(log, 1000, source="oanda-eurusd")
    write_journal(journal, 100)
    projector = Projector(store, log, journal, RUN, sources=(SOURCE, "oanda-eurusd"), pace=SMALL)
    for turn in range(1, 6):
        assert projector.turn()
        progress = projector.progress()
        assert progress.steps == 7 * turn
        assert progress.sources == {SOURCE: 100 * turn, "oanda-eurusd": 100 * turn}


def test_follows_until_told_that_the_logs_are_complete(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    complete = Event()
    projector = Projector(store, log, journal, RUN, pace=Pace(linger_s=0.01))
    following = Thread(target=projector.run, args=(complete.is_set,))
    following.start()
    try:
        write_market(log, 200)
        write_journal(journal, 10)
        wait_until(lambda: projector.progress().sources == {SOURCE: 100})
        assert following.is_alive()
        write_journal(journal, 10)
    finally:
        complete.set()
        following.join()
    assert_holds(store, rows_expected(log, journal, market_rows=200))


def test_waits_for_a_batch_to_fill_but_not_for_ever(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 150)
    pace = Pace(rows_max=100, linger_s=3600.0)
    projector = Projector(store, log, journal, RUN, sources=(SOURCE,), pace=pace)
    assert projector.turn(everything=False)
    assert projector.progress().sources == {SOURCE: 100}
    assert not projector.turn(everything=False)
    assert projector.turn(everything=True)
    assert projector.progress().sources == {SOURCE: 150}


@pytest.mark.parametrize("name", ["quotes", "signals", "slices"])
def test_a_table_that_is_rebuilt_is_as_it_was(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal, name: str
) -> None:
    write_market(log, 300)
    write_journal(journal, 30)
    project(store, log, journal, SOURCE)
    rebuild(store, name)
    assert store.query(f"SELECT count() FROM {name}").rows == ((0,),)
    project(store, log, journal, SOURCE)
    assert_holds(store, rows_expected(log, journal, market_rows=300))


def test_rebuilding_knows_its_tables(store: Store) -> None:
    prepare(store)
    with pytest.raises(KeyError, match="nothing"):
        rebuild(store, "nothing")


def test_tables_are_made_anew_when_rows_are_stored_in_another_way(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 100)
    write_journal(journal, 10)
    project(store, log, journal)
    assert not prepare(store)
    store.insert("layout", pa.table({"part": ["tables"], "digest": ["of an older program"]}))
    assert prepare(store)
    assert_holds(store, {})
    project(store, log, journal)
    assert_holds(store, rows_expected(log, journal, market_rows=100))


def test_views_are_made_anew_without_touching_the_rows(
    store: Store, log: MemoryMarketLog, journal: MemoryJournal
) -> None:
    write_market(log, 100)
    write_journal(journal, 10)
    project(store, log, journal)
    store.execute("CREATE OR REPLACE VIEW signals AS SELECT 1 AS old")
    store.insert("layout", pa.table({"part": ["views"], "digest": ["of an older program"]}))
    assert not prepare(store)
    assert_holds(store, rows_expected(log, journal, market_rows=100))


def project_spans(store: Store, directory: Path) -> Projector:
    projector = Projector(store, MemoryMarketLog(), MemoryJournal(), RUN, pace=SMALL)
    projector.follow(SpanFiles(directory))
    projector.run(until=lambda: True)
    return projector


def test_spans_are_projected_from_where_the_last_projector_stopped(
    store: Store, tmp_path: Path
) -> None:
    spans = SpanFile(tmp_path / "spans.jsonl")
    for first, end in ((0, 1), (1, 30), (30, 31)):
        spans.append([span(number) for number in range(first, end)])
        assert project_spans(store, tmp_path).progress().rows == end - first
        assert store.query("SELECT count() FROM otel_traces").rows == ((end,),)


def test_each_that_measures_has_a_file_and_a_place_in_it(store: Store, tmp_path: Path) -> None:
    cell, gateway = SpanFile(tmp_path / "spans.jsonl"), SpanFile(tmp_path / "spans-models.jsonl")
    cell.append([span(number) for number in range(3)])
    assert project_spans(store, tmp_path).progress().rows == 3
    gateway.append([span(number) for number in range(3, 10)])
    assert project_spans(store, tmp_path).progress().rows == 7
    assert project_spans(store, tmp_path).progress().rows == 0
    assert store.query("SELECT count() FROM otel_traces").rows == ((10,),)


def test_spans_that_were_inserted_when_a_projector_was_killed_are_not_doubled(
    store: Store, tmp_path: Path
) -> None:
    spans = SpanFile(tmp_path / "spans.jsonl")
    spans.append([span(number) for number in range(40)])
    prepare(store)
    for crashes in range(2):  # in the insert, and between it and its checkpoint
        with pytest.raises(Crash):
            project_spans(Crashing(store, crashes), tmp_path)  # type: ignore[arg-type] # delegates
    project_spans(store, tmp_path)
    assert store.query("SELECT count(), uniqExact(SpanId) FROM otel_traces").rows == ((40, 40),)


def test_a_table_of_spans_that_is_rebuilt_is_filled_from_the_file(
    store: Store, tmp_path: Path
) -> None:
    spans = SpanFile(tmp_path / "spans.jsonl")
    spans.append([span(number) for number in range(5)])
    project_spans(store, tmp_path)
    rebuild(store, "otel_traces")
    assert store.query("SELECT count() FROM otel_traces").rows == ((0,),)
    project_spans(store, tmp_path)
    assert store.query("SELECT count() FROM otel_traces").rows == ((5,),)
