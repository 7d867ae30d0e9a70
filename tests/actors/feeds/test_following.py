"""What is followed while it is written comes in the order of what is merged when it is done."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.feeds.following import FollowedMarket
from actors.feeds.merge import windows
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind
from events.errors import Corrupt
from events.market_log import MarketWriter
from tests.actors.feeds.test_merge import TERMS, Row, batch, rows_of

TIMES = st.lists(st.integers(0, 12), min_size=1, max_size=25).map(sorted)


def append(writer: MarketWriter, times: Sequence[int]) -> None:
    writer.append(BatchKind.QUOTES, TERMS, batch(times), checkpoint=b"")
    writer.flush()


def drained(market: FollowedMarket, until: int | None = None) -> list[Row]:
    rows = []
    while (window := market.next(until)) is not None:
        found = rows_of(window)
        assert all(ts < window.ts_end for ts, _, _ in found)
        rows += found
    return rows


def in_windows(log: MemoryMarketLog) -> list[list[Row]]:
    """Rows by moment, in the order in which ``merge`` gives them."""
    rows = [row for window in windows(log, log.sources()) for row in rows_of(window)]
    return by_moment(rows)


def by_moment(rows: Sequence[Row]) -> list[list[Row]]:
    moments = sorted({ts for ts, _, _ in rows})
    return [sorted(row for row in rows if row[0] == ts) for ts in moments]


@given(
    sources=st.lists(TIMES, min_size=1, max_size=3),
    writes=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), max_size=30),
    rows_per_window=st.integers(1, 10),
)
def test_rows_come_as_merge_gives_them_however_they_are_written(
    sources: list[list[int]], writes: list[tuple[int, int]], rows_per_window: int
) -> None:
    log = MemoryMarketLog()
    market = FollowedMarket(
        log, [f"s{index}" for index in range(len(sources))], rows_per_window=rows_per_window
    )
    writers = [log.open(f"s{index}") for index in range(len(sources))]
    written = [0] * len(sources)
    given_out: list[Row] = []
    everything = [(index, 100) for index in range(len(sources))]
    for chosen, count in [*writes, *everything]:
        index = chosen % len(sources)
        part = sources[index][written[index] : written[index] + count]
        if part:
            append(writers[index], part)
        written[index] += len(part)
        if written[index] == len(sources[index]):
            writers[index].seal()
        more = drained(market)
        assert not given_out or not more or more[0][0] > given_out[-1][0]
        given_out += more
    assert market.over
    assert by_moment(given_out) == in_windows(log)


def test_the_last_moment_of_an_open_source_waits() -> None:
    log = MemoryMarketLog()
    market = FollowedMarket(log, ["s0"])
    assert market.next() is None, "a source that is not there yet is waited for"
    writer = log.open("s0")
    append(writer, [1, 2, 2])
    assert [ts for ts, _, _ in drained(market)] == [1]
    append(writer, [2, 3])
    assert [ts for ts, _, _ in drained(market)] == [2, 2, 2]
    writer.seal()
    assert [ts for ts, _, _ in drained(market)] == [3]
    assert market.over


def test_the_source_that_is_furthest_back_holds_the_others() -> None:
    log = MemoryMarketLog()
    market = FollowedMarket(log, ["s0", "s1"])
    ahead, behind = log.open("s0"), log.open("s1")
    append(ahead, [1, 5, 9])
    append(behind, [2, 4])
    assert [ts for ts, _, _ in drained(market)] == [1, 2]
    assert market.holding == ("s1",)
    behind.seal()
    assert [ts for ts, _, _ in drained(market)] == [4, 5]
    assert not market.holding, "nobody waits for it but itself"


def test_nothing_behind_a_time_is_given_out_until_it_is_asked_for() -> None:
    log = MemoryMarketLog()
    with log.open("s0") as writer:
        append(writer, [1, 2, 3, 4])
        writer.seal()
    market = FollowedMarket(log, ["s0"], rows_per_window=100)
    assert not market.has_passed(2)
    assert [ts for ts, _, _ in drained(market, until=2)] == [1, 2]
    assert market.has_passed(2)
    assert not market.has_passed(3)
    assert market.positions == {"s0": 2}
    assert [ts for ts, _, _ in drained(market)] == [3, 4]


def test_a_source_whose_time_goes_back_is_corrupt() -> None:
    log = MemoryMarketLog()
    with log.open("s0") as writer:
        append(writer, [5])
        append(writer, [4])
    with pytest.raises(Corrupt, match="s0:1: its time goes back"):
        FollowedMarket(log, ["s0"]).next()
