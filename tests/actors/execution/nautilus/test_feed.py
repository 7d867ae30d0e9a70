"""Rows pass into the engine once, in order, and what is left out is made up for by the last one."""

import numpy as np

from actors.execution.nautilus.feed import Feed
from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.translate.ticks import to_ticks
from tests.support import recorded


def stretch(source: str, times: list[int], bid: int = 100) -> Stretch:
    stamps = np.array(times)
    bids = np.arange(bid, bid + len(times))
    instrument = recorded.SPY if source.startswith("spy") else recorded.EURUSD
    record = recorded.quotes(instrument, source, stamps, bids, bids + 1)
    return Stretch(record, stamps)


def times(parts: list[Stretch]) -> list[list[int]]:
    return [part.times.tolist() for part in parts]


def test_every_row_is_shown_once() -> None:
    shown = Feed()
    shown.enter([stretch("a", [1, 2, 2, 5]), stretch("spy", [2, 3])])
    assert shown.opens == 1
    assert times(shown.show(2)) == [[1, 2, 2], [2]]
    assert times(shown.show(2)) == []
    assert shown.left
    assert times(shown.show(9)) == [[5], [3]]
    assert not shown.left


def test_catching_up_shows_the_last_row_of_every_series_and_passes_the_others() -> None:
    shown = Feed()
    shown.enter([stretch("a", [1, 2, 4]), stretch("b", [1, 3, 9]), stretch("spy", [2])])
    assert times(shown.catch_up(5)) == [[4], [2]]  # `a` and `b` quote one instrument
    assert times(shown.catch_up(8)) == []
    assert times(shown.show(9)) == [[9]]


def test_the_last_rows_of_windows_that_passed_are_owed() -> None:
    shown = Feed()
    shown.enter([stretch("a", [1, 2]), stretch("spy", [1])])
    shown.enter([stretch("a", [5, 7])])
    shown.enter([stretch("a", [11, 12])])
    assert times(shown.catch_up(11)) == [[11], [1]]
    assert times(shown.show(12)) == [[12]]


def test_of_rows_at_one_time_the_last_source_counts() -> None:
    shown = Feed()
    shown.enter([stretch("a", [4], bid=100), stretch("b", [4], bid=200)])
    ((tick,),) = (to_ticks(part, 1) for part in shown.catch_up(4))
    assert str(tick.instrument_id) == recorded.EURUSD.id
    assert tick.ts_event == 4
    assert "0.00200" in str(tick)


def test_so_many_rows_ahead_is_a_time_that_lies_in_every_stretch() -> None:
    shown = Feed()
    shown.enter([stretch("a", [1, 2, 3, 4, 5, 6]), stretch("spy", [2, 9])])
    assert shown.ahead(6) == 3  # three of each, of which one has two
    assert shown.ahead(100) == 9
    shown.show(3)
    assert shown.ahead(2) == 4
