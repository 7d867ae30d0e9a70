"""How far a market was consumed, whatever windows it came in."""

from actors.feeds.merge import windows
from events.backends.memory.market_log import MemoryMarketLog
from runtime.hosts.inline.cursor import MarketCursor
from schemas.envelope import Slice
from tests.runtime.hosts.inline.scripted import market_log


def entered(log: MemoryMarketLog, *sources: str) -> MarketCursor:
    cursor = MarketCursor()
    (window,) = windows(log, sources)
    cursor.enter(window)
    return cursor


def test_rows_up_to_a_time_are_consumed_once() -> None:
    cursor = entered(market_log({"a": [10, 20, 30]}, 3), "a")
    assert cursor.consumed(9) == ()
    assert cursor.consumed(20) == (Slice("a", 0, 1),)
    assert cursor.consumed(29) == ()
    assert cursor.consumed(30) == (Slice("a", 2, 2),)


def test_rows_of_equal_time_are_consumed_together() -> None:
    cursor = entered(market_log({"a": [10, 20, 20, 20, 30]}, 5), "a")
    assert cursor.consumed(20) == (Slice("a", 0, 3),)


def test_sources_are_told_apart_and_come_in_the_order_of_their_names() -> None:
    cursor = entered(market_log({"b": [10, 20], "a": [20]}, 2), "a", "b")
    assert cursor.consumed(10) == (Slice("b", 0, 0),)
    assert cursor.consumed(20) == (Slice("a", 0, 0), Slice("b", 1, 1))


def test_a_record_that_is_not_reached_yet_consumes_nothing_before_it() -> None:
    cursor = entered(market_log({"a": [10, 20, 30, 40]}, 2), "a")
    assert cursor.consumed(10) == (Slice("a", 0, 0),)
    assert cursor.consumed(20) == (Slice("a", 1, 1),)


def test_a_window_that_is_left_is_consumed_whole() -> None:
    cursor = MarketCursor()
    for window in windows(market_log({"a": [10, 20, 30]}, 3), ["a"], rows_per_window=2):
        cursor.enter(window)
    assert cursor.consumed(5) == (Slice("a", 0, 1),)
    assert cursor.rest() == (Slice("a", 2, 2),)
    assert cursor.rest() == ()


def test_a_source_that_is_entered_late_begins_where_it_was_entered() -> None:
    cursor = MarketCursor()
    for window in windows(market_log({"a": [10, 20, 30]}, 3), ["a"], from_ts=20):
        cursor.enter(window)
    assert cursor.rest() == (Slice("a", 1, 2),)
