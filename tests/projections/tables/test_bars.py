"""Bars made from ticks while reading, against bars made by hand."""

from decimal import Decimal

import pyarrow as pa
import pytest

from events.batches import LAYOUTS, TIME, BatchKind, MarketRecord, Terms
from projections.layout import prepare
from projections.rows import rows_of_market
from projections.store.port import Store
from tests.support import recorded

START_S = 1_399_507_200
"""2014-05-08 00:00:00 UTC."""

TICKS = ((0, 100, 103), (0, 101, 103), (59, 99, 104), (60, 105, 106), (3599, 90, 95), (3600, 1, 2))
"""Second, bid and ask in cents; two ticks of the first second, one exactly on the minute."""


def quotes(*ticks: tuple[int, int, int]) -> MarketRecord:
    times = pa.array([(START_S + second) * 10**9 for second, _, _ in ticks]).cast(TIME)
    bids, asks = (pa.array([tick[i] for tick in ticks]) for i in (1, 2))
    sizes = [pa.array([size] * len(ticks)) for size in (30, 50)]
    batch = pa.RecordBatch.from_arrays(
        [times, times, bids, asks, *sizes], schema=LAYOUTS[BatchKind.QUOTES]
    )
    terms = Terms(instrument="X.Y", price_precision=2, size_precision=1)
    return MarketRecord(source="s", first=0, kind=BatchKind.QUOTES, terms=terms, batch=batch)


def insert(store: Store, record: MarketRecord) -> None:
    for table, rows in rows_of_market([record]).items():
        store.insert(table, rows)


@pytest.fixture
def ticks(store: Store) -> Store:
    prepare(store)
    insert(store, quotes(*TICKS))
    return store


def bars(store: Store, view: str, price_type: str) -> list[tuple[str, ...]]:
    answer = store.query(
        f"SELECT substring(toString(ts_open), 12, 8), open, high, low, close, volume, ticks"
        f" FROM {view} WHERE price_type = '{price_type}' ORDER BY ts_open"
    )
    return [tuple(map(str, row)) for row in answer.rows]


def test_a_minute_begins_on_the_minute_and_ends_before_the_next(ticks: Store) -> None:
    assert bars(ticks, "bars_1m", "bid") == [
        ("00:00:00", "1", "1.01", "0.99", "0.99", "9", "3"),
        ("00:01:00", "1.05", "1.05", "1.05", "1.05", "3", "1"),
        ("00:59:00", "0.9", "0.9", "0.9", "0.9", "3", "1"),
        ("01:00:00", "0.01", "0.01", "0.01", "0.01", "3", "1"),
    ]


def test_the_mid_is_exact_where_it_lies_between_two_ticks(ticks: Store) -> None:
    first, *_ = bars(ticks, "bars_1h", "mid")
    assert first == ("00:00:00", "1.015", "1.055", "0.925", "0.925", "20", "5")


def test_asks_make_bars_of_their_own(ticks: Store) -> None:
    assert bars(ticks, "bars_1d", "ask") == [
        ("00:00:00", "1.03", "1.06", "0.02", "0.02", "30", "6")
    ]


def test_any_other_interval_can_be_asked_for(ticks: Store) -> None:
    opened = [bar[0] for bar in bars(ticks, "bars(seconds = 30)", "bid")]
    assert opened == ["00:00:00", "00:00:30", "00:01:00", "00:59:30", "01:00:00"]


@pytest.mark.parametrize("view", ["bars_1s", "bars_1m", "bars_5m", "bars_1h", "bars_1d"])
def test_ticks_that_were_inserted_twice_are_counted_once(ticks: Store, view: str) -> None:
    before = ticks.query(f"SELECT * FROM {view} ORDER BY ALL").rows
    insert(ticks, quotes(*TICKS))
    insert(ticks, quotes(*TICKS[:4]))
    assert ticks.query("SELECT count() FROM stored_quotes").rows > ((len(TICKS),),)
    assert ticks.query(f"SELECT * FROM {view} ORDER BY ALL").rows == before


def test_trades_make_bars_of_the_last_price(store: Store) -> None:
    prepare(store)
    whole = recorded.spy_trades()
    insert(store, whole)
    ((ticks, volume, low, high),) = store.query(
        "SELECT sum(ticks), sum(volume), min(low), max(high) FROM bars_5m WHERE price_type = 'last'"
    ).rows
    prices = whole.batch.column("price").to_numpy()
    assert ticks == whole.rows
    assert volume == Decimal(int(whole.batch.column("size").to_numpy().sum()))
    assert [low, high] == [Decimal(int(each)).scaleb(-4) for each in (prices.min(), prices.max())]


def test_a_bar_of_quotes_that_real_ticks_make_is_the_one_in_the_vendors_file(
    store: Store,
) -> None:
    prepare(store)
    insert(store, recorded.eurusd_ticks())
    insert(store, recorded.eurusd_minutes())
    ((same, compared),) = store.query(
        "SELECT countIf(b.high = f.bid_high AND b.low = f.bid_low), count()"
        " FROM bars_1m AS b INNER JOIN quote_bars AS f ON f.ts_event = b.ts_close"
        " WHERE b.price_type = 'bid'"
    ).rows
    assert isinstance(same, int)
    assert isinstance(compared, int)
    assert compared > 1_300
    assert same / compared > 0.9, f"{same} of {compared} bars have the vendor's high and low"
