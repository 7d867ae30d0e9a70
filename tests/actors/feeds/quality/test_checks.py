"""Each check by itself: what it drops, keeps and repairs."""

import msgspec
import numpy as np
import pytest

from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.rows import Origin, Rows
from events.batches import BatchKind
from tests.actors.feeds.material import HOUR, MINUTE, SECOND, quotes
from tests.actors.feeds.quality.screened import START, inspected, refused


def seconds(*steps: float) -> list[int]:
    return [START + int(step * SECOND) for step in steps]


def bars(ts: list[int], **columns: list[int]) -> Rows:
    return Rows(
        ts=np.asarray(ts, dtype=np.int64),
        columns={name: np.asarray(values, dtype=np.int64) for name, values in columns.items()},
        origin=lambda index: Origin("made.csv", index + 1, f"row {index + 1}"),
    )


def trades(ts: list[int], price: list[int], size: list[int]) -> Rows:
    return bars(ts, price=price, size=size, aggressor=[0] * len(ts))


@pytest.mark.parametrize(("bid", "ask", "field"), [(0, 5, "bid"), (-1, 5, "bid")])
def test_a_price_of_zero_or_less_is_refused(bid: int, ask: int, field: str) -> None:
    found = inspected(quotes(seconds(0, 1), [4, bid], [5, ask]))
    assert refused(found) == [(2, field, "non_positive")]


def test_negative_prices_are_kept_where_they_may_be() -> None:
    found = inspected(quotes(seconds(0), [-5], [-4]), QualityPolicy(non_positive=Action.KEEP))
    assert len(found.rows) == 1
    assert found.suspicious["non_positive"] == 2


def test_a_trade_of_nothing_is_refused_even_where_negative_prices_are_kept() -> None:
    policy = QualityPolicy(non_positive=Action.KEEP)
    found = inspected(trades(seconds(0, 1), [5, 5], [1, 0]), policy, BatchKind.TRADES)
    assert refused(found) == [(2, "size", "non_positive")]


def test_a_crossed_quote_is_refused_by_default() -> None:
    found = inspected(quotes(seconds(0, 1, 2), [4, 6, 4], [5, 5, 4]))
    assert refused(found) == [(2, "ask", "crossed")]


def test_a_crossed_quote_is_repaired_by_swapping_its_sides() -> None:
    rows = quotes(seconds(0), [6], [5])
    rows = rows.with_columns({"bid_size": np.array([1]), "ask_size": np.array([2])})
    found = inspected(rows, QualityPolicy(crossed=Action.REPAIR))
    assert {name: int(column[0]) for name, column in found.rows.columns.items()} == {
        "bid": 5,
        "ask": 6,
        "bid_size": 2,
        "ask_size": 1,
    }
    assert found.suspicious["crossed"] == 1


def test_a_crossed_quote_is_kept_and_counted_on_request() -> None:
    found = inspected(quotes(seconds(0), [6], [5]), QualityPolicy(crossed=Action.KEEP))
    assert (len(found.rows), found.suspicious["crossed"]) == (1, 1)


BAR = {"open": [5, 5], "high": [7, 4], "low": [4, 3], "close": [6, 5], "volume": [1, 1]}


def test_a_bar_that_does_not_enclose_its_prices_is_refused() -> None:
    found = inspected(bars([START, START + MINUTE], **BAR), kind=BatchKind.TRADE_BARS)
    assert refused(found) == [(2, "high", "inconsistent")]


def test_a_bar_that_does_not_enclose_its_prices_is_widened_on_request() -> None:
    policy = QualityPolicy(inconsistent=Action.REPAIR)
    found = inspected(bars([START, START + MINUTE], **BAR), policy, BatchKind.TRADE_BARS)
    assert found.rows.columns["high"].tolist() == [7, 5]
    assert found.rows.columns["low"].tolist() == [4, 3]


def test_a_row_earlier_than_any_before_is_refused() -> None:
    found = inspected(quotes(seconds(0, 5, 3, 4, 5), [4] * 5, [5, 5, 5, 5, 6]))
    assert refused(found) == [(3, "time", "out_of_order"), (4, "time", "out_of_order")]
    assert found.rows.ts.tolist() == seconds(0, 5, 5)


def test_rows_a_little_late_are_sorted_in_on_request() -> None:
    policy = QualityPolicy(out_of_order=Action.REPAIR, reorder_within_ms=2000)
    found = inspected(quotes(seconds(0, 5, 3, 2.9, 6), [1, 2, 3, 4, 5], [6] * 5), policy)
    assert found.rows.ts.tolist() == seconds(0, 3, 5, 6)
    assert found.rows.columns["bid"].tolist() == [1, 3, 2, 5]
    assert refused(found) == [(4, "time", "out_of_order")]
    assert found.suspicious["reordered"] == 1


def test_the_same_quote_twice_is_a_duplicate() -> None:
    found = inspected(quotes(seconds(0, 0, 0, 1), [4, 4, 3, 3], [5, 5, 5, 5]))
    assert refused(found) == [(2, "", "duplicate")]


def test_equal_trades_without_ids_are_no_duplicates() -> None:
    found = inspected(trades(seconds(0, 0), [5, 5], [1, 1]), kind=BatchKind.TRADES)
    assert len(found.rows) == 2


def test_a_second_bar_of_one_time_is_a_duplicate() -> None:
    both = {name: [values[0], values[0] + 1] for name, values in BAR.items()}
    found = inspected(bars([START, START], **both), kind=BatchKind.TRADE_BARS)
    assert refused(found) == [(2, "", "duplicate")]


def walk(count: int, level: int = 100_000) -> list[int]:
    """Prices that go up and down by one."""
    return [level + index % 3 - 1 for index in range(count)]


def test_a_price_far_from_those_before_is_a_spike_and_the_next_is_none() -> None:
    bid = walk(100)
    bid[50] = 103_000
    rows = quotes([START + i * SECOND for i in range(100)], bid, [b + 2 for b in bid])
    found = inspected(rows, QualityPolicy(spike=Action.DROP))
    assert refused(found) == [(51, "price", "spike")]


def test_spikes_are_kept_and_counted_by_default() -> None:
    bid = walk(100)
    bid[50] = 103_000
    rows = quotes([START + i * SECOND for i in range(100)], bid, [b + 2 for b in bid])
    found = inspected(rows)
    assert (len(found.rows), found.suspicious["spike"]) == (100, 1)


def test_a_wild_market_is_no_spike() -> None:
    generator = np.random.default_rng(7)
    bid = (100_000 * np.exp(np.cumsum(generator.normal(0, 0.004, 2_000)))).astype(np.int64)
    rows = quotes([START + i * SECOND for i in range(2_000)], bid.tolist(), (bid + 2).tolist())
    assert inspected(rows).suspicious["spike"] < 5


def test_a_market_may_open_anywhere_after_a_silence() -> None:
    ts = [START + i * SECOND + (i >= 50) * HOUR for i in range(100)]
    bid = walk(50) + walk(50, 110_000)
    found = inspected(quotes(ts, bid, [b + 2 for b in bid]), QualityPolicy(spike=Action.DROP))
    assert len(found.rows) == 100


def test_ticks_that_stand_still_for_long_are_stale() -> None:
    ts = [START + i * MINUTE for i in range(15)]
    bid = [4] * 13 + [3, 3]
    found = inspected(quotes(ts, bid, [5] * 15), QualityPolicy(stale=Action.DROP))
    assert refused(found) == [(12, "bid", "stale"), (13, "bid", "stale")]


def test_a_silence_is_a_gap() -> None:
    found = inspected(quotes(seconds(0, 600, 1201), [4, 4, 4], [5, 5, 6]))
    (silence,) = found.silences
    assert (silence.index, silence.gap.ts_from, silence.gap.ts_to) == (2, *seconds(600, 1201))
    assert not silence.gap.expected


def test_a_silence_of_bars_is_longer_than_their_interval() -> None:
    ts = [START, START + HOUR, START + 3 * HOUR]
    three = {name: [values[0]] * 3 for name, values in BAR.items()}
    found = inspected(bars(ts, **three), kind=BatchKind.TRADE_BARS, interval_ns=HOUR)
    assert [silence.index for silence in found.silences] == [2]


@pytest.mark.parametrize("fault", ["non_positive", "duplicate", "spike", "stale"])
def test_what_cannot_be_repaired_is_refused_as_configuration(fault: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=fault):
        msgspec.convert({fault: "repair"}, QualityPolicy)


def test_time_that_goes_back_cannot_be_kept() -> None:
    with pytest.raises(msgspec.ValidationError, match="out_of_order"):
        msgspec.convert({"out_of_order": "keep"}, QualityPolicy)
