"""Bars that are put together a window at a time are those of Nautilus' own aggregation."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.execution.nautilus.bar_builder import BarBuilder
from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.translate.bars import interval_ns, to_bar_type
from actors.execution.nautilus.translate.ticks import to_ticks
from actors.execution.nautilus.unfolded import Quotes, Trades, unfolded
from actors.execution.venue import BarStream
from events.batches import BatchKind, MarketRecord
from schemas.market import Bar, Instrument, PriceType
from tests.support import recorded
from tests.support.raw_bars import Closed, raw_bars

S = 1_000_000_000
T0 = 1_400_000_040 * S
UNKNOWN = 1_000_000
QUOTED = (PriceType.BID, PriceType.ASK, PriceType.MID)
INTERVALS = ("1s", "30s", "1m", "5m", "4h", "1d")


def streams_of(instrument: Instrument, record: MarketRecord) -> list[BarStream]:
    quoting = record.kind in (BatchKind.QUOTES, BatchKind.QUOTE_BARS)
    prices = QUOTED if quoting else (PriceType.LAST,)
    return [BarStream(instrument.id, interval, price) for interval in INTERVALS for price in prices]


def builder_of(instrument: Instrument, stream: BarStream) -> BarBuilder:
    length = interval_ns(to_bar_type(stream))
    return BarBuilder(stream, length, instrument.price_precision, instrument.size_precision)


def built(
    instrument: Instrument, streams: Sequence[BarStream], record: MarketRecord, places: list[int]
) -> list[list[Closed]]:
    """The bars out of the record's rows, which are cut into windows before these rows."""
    builders = [builder_of(instrument, stream) for stream in streams]
    found: list[list[Closed]] = [[] for _ in streams]
    for start, end in pairwise([0, *places, record.rows]):
        part = recorded.part(record, start, end)
        ticks = unfolded(Stretch(part, recorded.times_of(part)), UNKNOWN)
        for closed, builder in zip(found, builders, strict=True):
            closed += [told(each.bar) for each in builder.closed([ticks], int(ticks.times[-1]))]
    return found


def told(bar: Bar) -> Closed:
    values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return (bar.ts_close, *(str(value) for value in values))  # type: ignore[return-value]


def ticks_of(record: MarketRecord) -> list[object]:
    return list(to_ticks(Stretch(record, recorded.times_of(record)), UNKNOWN))


MARKETS: dict[str, tuple[Instrument, Callable[[], MarketRecord]]] = {
    "quotes": (recorded.OANDA_EURUSD, recorded.oanda_ticks),
    "trades": (recorded.SPY, recorded.spy_trades),
    "recorded bars of quotes": (recorded.EURUSD, recorded.eurusd_minutes),
    "recorded bars of trades": (recorded.FILUSDT, recorded.filusdt_klines),
}


@pytest.mark.parametrize("name", MARKETS)
def test_bars_of_real_markets_are_those_of_nautilus(name: str) -> None:
    instrument, market = MARKETS[name]
    record = recorded.head(market(), 40_000)
    streams = streams_of(instrument, record)
    times = recorded.times_of(record)
    places = [row for row in range(3_001, record.rows, 3_001) if times[row] > times[row - 1]]
    ours = built(instrument, streams, record, places)
    theirs = raw_bars(instrument, streams, ticks_of(record))  # type: ignore[arg-type]
    assert len(ours[0]) > 300
    assert ours == theirs


@st.composite
def markets(draw: st.DrawFn) -> tuple[Instrument, MarketRecord, list[int]]:
    """Ticks of any gaps, a second to a day long, some at one time and some on boundaries."""
    instrument = draw(st.sampled_from([recorded.EURUSD, recorded.FILUSDT]))
    gap = st.sampled_from([0, 1, S // 7, S, 7 * S, 30 * S, 61 * S, 3_600 * S, 90_000 * S])
    rows = draw(st.integers(1, 60))
    gaps = np.array(draw(st.lists(gap, min_size=rows, max_size=rows)))
    times = T0 + draw(st.sampled_from([0, 1, 59 * S])) + np.cumsum(gaps)
    prices, sizes = (
        np.array(draw(st.lists(st.integers(1, most), min_size=rows, max_size=rows)))
        for most in (10**6, 10**9)
    )
    if instrument is recorded.FILUSDT:
        record = recorded.trades(instrument, "t", times, prices, sizes)
    else:
        spreads = np.array(draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows)))
        other = np.array(draw(st.lists(st.integers(0, 10**9), min_size=rows, max_size=rows)))
        record = recorded.record(
            BatchKind.QUOTES, instrument, "q", times, prices, prices + spreads, sizes, other
        )
    apart = [row for row in range(1, rows) if times[row] > times[row - 1]]
    places = draw(st.lists(st.sampled_from(apart), unique=True)) if apart else []
    return instrument, record, sorted(places)


@settings(max_examples=60, deadline=None)
@given(markets())
def test_bars_of_any_market_are_those_of_nautilus(
    market: tuple[Instrument, MarketRecord, list[int]],
) -> None:
    instrument, record, places = market
    streams = streams_of(instrument, record)
    ours = built(instrument, streams, record, places)
    assert ours == raw_bars(instrument, streams, ticks_of(record))  # type: ignore[arg-type]


def test_two_sources_of_one_instrument_are_one_market() -> None:
    stream = BarStream(recorded.EURUSD.id, "1m", PriceType.BID)

    def quotes(source: str, seconds: list[int], bids: list[int]) -> Quotes | Trades:
        times, bid = T0 + np.array(seconds) * S, np.array(bids)
        record = recorded.quotes(recorded.EURUSD, source, times, bid, bid + 1)
        return unfolded(Stretch(record, times), UNKNOWN)

    moved = [quotes("q", [1, 30, 60], [5, 9, 3]), quotes("r", [2, 30, 60], [1, 7, 4])]
    ((bar, cause),) = builder_of(recorded.EURUSD, stream).closed(moved, T0 + 60 * S)
    assert told(bar)[1:5] == ("0.00005", "0.00009", "0.00001", "0.00004")
    assert cause == "r:2"


def test_sums_beyond_64_bits_are_exact() -> None:
    stream = BarStream(recorded.EURUSD.id, "1m", PriceType.MID)
    times, bid = T0 + np.arange(1, 6) * S, np.full(5, 2**62)
    record = recorded.quotes(recorded.EURUSD, "q", times, bid, bid + 1, size=2**62)
    ticks = unfolded(Stretch(record, times), UNKNOWN)
    ((bar, _),) = builder_of(recorded.EURUSD, stream).closed([ticks], T0 + 60 * S)
    assert bar.volume == 5 * 2**62
    assert str(bar.close) == f"{(2**63 + 1) * 5 // 10**6}.{(2**63 + 1) * 5 % 10**6:06d}"
