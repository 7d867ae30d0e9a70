"""A feed writes its files into the market log at a pace, and goes on where it stopped."""

from msgspec.structs import replace

from actors.feeds.files import FileFeed
from actors.feeds.survey import Wanted, survey
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind
from runtime.programs.feeding import FeedProgram
from runtime.programs.program import Stage
from tests.acceptance.test_same_decisions import HOUR
from tests.runtime.programs.days import FEED, market


class Clock:
    """Seconds, as the test says."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def rows(log: MemoryMarketLog) -> list[dict[str, object]]:
    return [
        row
        for source in log.sources()
        for record in log.read(source)
        for row in record.batch.to_pylist()
    ]


def turned(feed: FeedProgram) -> None:
    while feed.turn():
        pass


def test_what_is_fed_is_what_an_ingest_records() -> None:
    log = MemoryMarketLog()
    feed = FeedProgram(FEED, log)
    feed.start()
    turned(feed)
    whole, (source,) = market()
    assert rows(log) == rows(whole)  # type: ignore[arg-type]
    assert log.sealed(source)
    assert feed.status().stage is Stage.FINISHED
    assert feed.status().position == {source: log.end(source)}


def test_a_paced_feed_writes_a_record_when_the_time_of_its_last_row_has_come() -> None:
    log, clock = MemoryMarketLog(), Clock()
    feed = FeedProgram(replace(FEED, pace=60.0), log, clock)
    feed.start()
    turned(feed)
    (source,) = log.sources()
    (opened,) = [r.batch.column(0)[0].value for r in log.read(source) if r.kind is BatchKind.FACTS]
    for seconds in (5, 10, 30):
        clock.now = 1_000.0 + seconds
        turned(feed)
        data = [r for r in log.read(source) if r.kind is not BatchKind.FACTS]
        reached = data[-1].batch.column(0)[data[-1].rows - 1].value
        assert opened < reached <= opened + seconds * 60 * 10**9
    clock.now += 3_600
    turned(feed)
    assert log.sealed(source)


def test_a_feed_that_was_killed_goes_on_to_the_same_rows() -> None:
    log = MemoryMarketLog()
    (source,) = market()[1]
    for _ in range(3):
        feed = FeedProgram(replace(FEED, rows_per_record=3), log)
        feed.start()
        feed.turn()
        log.crash(source)
    feed = FeedProgram(FEED, log)
    feed.start()
    turned(feed)
    assert rows(log) == rows(market()[0])  # type: ignore[arg-type]


def test_an_ingest_goes_on_with_what_a_feed_began_in_records_of_another_size() -> None:
    log = MemoryMarketLog()
    feed = FeedProgram(replace(FEED, rows_per_record=7), log)
    feed.start()
    feed.turn()
    feed.stop("test")
    (files,) = survey([HOUR], Wanted())
    ingest = FileFeed(files)
    with log.open(ingest.source) as writer:
        ingest.ingest(writer)
    assert rows(log) == rows(market()[0])  # type: ignore[arg-type]
