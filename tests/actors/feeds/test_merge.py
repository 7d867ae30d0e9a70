"""Sources merge into windows that never split a time, however the rows are cut."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.execution.venue import Window
from actors.feeds.files import ingest
from actors.feeds.merge import windows
from actors.feeds.survey import Wanted, survey
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import LAYOUTS, TIME, BatchKind, MarketRecord, Terms
from events.errors import Corrupt, NotFound
from tests.actors.feeds.material import FXCM_DAY, LEAN

TERMS = Terms(instrument="EUR/USD.FXCM", price_precision=5)
SOURCES = st.lists(
    st.tuples(st.lists(st.integers(0, 12), max_size=40), st.lists(st.integers(1, 7), max_size=40)),
    min_size=1,
    max_size=4,
)

type Row = tuple[int, str, int]


def batch(ts: Sequence[int]) -> pa.RecordBatch:
    times = pa.array(ts, pa.int64()).cast(pa.timestamp("ns")).cast(TIME)
    numbers = pa.array(np.arange(len(ts)))
    return pa.RecordBatch.from_arrays(
        [times, times, *[numbers] * 4], schema=LAYOUTS[BatchKind.QUOTES]
    )


def log_of(sources: Sequence[tuple[list[int], list[int]]]) -> MemoryMarketLog:
    """Sources ``s0``, ``s1``, ... of sorted times, cut into records of the given lengths."""
    log = MemoryMarketLog()
    for index, (times, lengths) in enumerate(sources):
        ts = sorted(times)
        with log.open(f"s{index}") as writer:
            start = 0
            for length in [*lengths, len(ts)]:
                if part := ts[start : start + length]:
                    writer.append(BatchKind.QUOTES, TERMS, batch(part), checkpoint=b"")
                start += length
    return log


def times_of(record: MarketRecord) -> list[int]:
    times: list[int] = record.batch.column("ts_event").view("int64").to_pylist()
    return times


def rows_of(window: Window) -> list[Row]:
    return [
        (ts, record.source, record.first + offset)
        for record in window.records
        for offset, ts in enumerate(times_of(record))
    ]


def all_rows(log: MemoryMarketLog) -> list[Row]:
    return sorted(
        (ts, record.source, record.first + offset)
        for source in log.sources()
        for record in log.read(source)
        for offset, ts in enumerate(times_of(record))
    )


@given(sources=SOURCES, rows_per_window=st.integers(1, 50))
def test_any_size_of_window_gives_all_rows_and_never_splits_a_time(
    sources: list[tuple[list[int], list[int]]], rows_per_window: int
) -> None:
    log = log_of(sources)
    found = list(windows(log, log.sources(), rows_per_window=rows_per_window))
    assert [row for window in found for row in sorted(rows_of(window))] == all_rows(log)
    bounds = [(min(rows_of(w))[0], max(rows_of(w))[0], w.ts_end) for w in found]
    assert all(last < end for _, last, end in bounds)
    assert all(end <= first for (_, _, end), (first, _, _) in pairwise(bounds))


@given(sources=SOURCES, rows_per_window=st.integers(4, 50))
def test_a_window_is_no_larger_than_asked_unless_one_time_is(
    sources: list[tuple[list[int], list[int]]], rows_per_window: int
) -> None:
    log = log_of(sources)
    for window in windows(log, log.sources(), rows_per_window=rows_per_window):
        rows = rows_of(window)
        times = [ts for ts, _, _ in rows]
        largest = max(times.count(ts) for ts in times)
        assert len(rows) <= max(rows_per_window, largest * len(log.sources()))


@given(sources=SOURCES, start=st.integers(0, 13), end=st.integers(0, 13))
def test_only_the_wanted_stretch_of_time_is_given(
    sources: list[tuple[list[int], list[int]]], start: int, end: int
) -> None:
    log = log_of(sources)
    found = windows(log, log.sources(), rows_per_window=5, from_ts=start, to_ts=end)
    rows = [row for window in found for row in sorted(rows_of(window))]
    assert rows == [row for row in all_rows(log) if start <= row[0] < end]


def test_records_of_a_window_come_in_the_order_of_their_sources() -> None:
    log = log_of([([1, 2], [1]), ([1, 2], [1])])
    (window,) = windows(log, ["s1", "s0", "s1"])
    assert [(record.source, record.first) for record in window.records] == [
        ("s0", 0),
        ("s0", 1),
        ("s1", 0),
        ("s1", 1),
    ]


def test_equal_times_across_records_stay_together() -> None:
    log = log_of([([1, 2, 2, 2, 2, 3], [3])])
    assert [len(rows_of(w)) for w in windows(log, ["s0"], rows_per_window=1)] == [1, 4, 1]


def test_slices_copy_nothing() -> None:
    log = log_of([(list(range(100)), [])])
    first, second, *_ = windows(log, ["s0"], rows_per_window=10)
    one, other = (w.records[0].batch.column("bid").buffers()[1] for w in (first, second))
    assert one.address == other.address


def test_facts_are_not_market_and_go_to_who_asked() -> None:
    log = MemoryMarketLog()
    (files,) = survey([FXCM_DAY], Wanted())
    summary = ingest(log, files)
    facts: list[MarketRecord] = []
    found = list(windows(log, log.sources(), on_facts=facts.append))
    kinds = {record.kind for window in found for record in window.records}
    assert kinds == {BatchKind.QUOTES}
    assert sum(record.rows for record in facts) == 1 + summary.rows_refused


def test_real_sources_merge_in_order_of_time() -> None:
    log = MemoryMarketLog()
    accepted = 0
    for files in survey([FXCM_DAY, LEAN / "forex/oanda", LEAN / "cfd"], Wanted()):
        accepted += ingest(log, files).rows_accepted
    last, rows = 0, 0
    for window in windows(log, log.sources(), rows_per_window=500):
        times = [ts for record in window.records for ts in times_of(record)]
        assert last <= min(times)
        assert max(times) < window.ts_end
        last, rows = window.ts_end, rows + len(times)
    assert rows == accepted
    assert len(log.sources()) == 4


def test_time_that_goes_back_is_corruption() -> None:
    log = MemoryMarketLog()
    with log.open("s0") as writer:
        writer.append(BatchKind.QUOTES, TERMS, batch([5, 6]), checkpoint=b"")
        writer.append(BatchKind.QUOTES, TERMS, batch([4]), checkpoint=b"")
    with pytest.raises(Corrupt, match="s0:2: its time goes back"):
        list(windows(log, ["s0"]))


def test_an_unknown_source_is_not_found() -> None:
    with pytest.raises(NotFound):
        list(windows(MemoryMarketLog(), ["nowhere"]))


def test_no_sources_give_no_windows() -> None:
    assert list(windows(MemoryMarketLog(), [])) == []
