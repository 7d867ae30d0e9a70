"""Records become Nautilus ticks without losing a digit, a row or its place in time."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nautilus_trader import model

from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.translate.ticks import FEW, MAGNITUDE_MAX, fixed_point, to_ticks
from events.batches import BatchKind, MarketRecord
from schemas.quantities import from_mantissa
from tests.support import recorded

precisions = st.integers(min_value=0, max_value=16)


def ticks_of(record: MarketRecord, size_when_unknown: int = 7) -> list[model.QuoteTick]:
    made = to_ticks(Stretch(record, recorded.times_of(record)), size_when_unknown)
    return [tick for tick in made if isinstance(tick, model.QuoteTick)]


def trades_of(record: MarketRecord) -> list[model.TradeTick]:
    made = to_ticks(Stretch(record, recorded.times_of(record)), 0)
    return [tick for tick in made if isinstance(tick, model.TradeTick)]


@given(st.data(), precisions)
def test_a_mantissa_keeps_its_value_at_nautilus_scale(data: st.DataObject, precision: int) -> None:
    limit = min(MAGNITUDE_MAX * 10**precision, 2**63 - 1)
    numbers = data.draw(st.lists(st.integers(-limit, limit), min_size=1))
    found = fixed_point(np.array(numbers, np.int64), precision).to_pylist()
    assert found == [from_mantissa(number, precision) for number in numbers]


def test_refuses_a_number_that_would_abort_nautilus() -> None:
    with pytest.raises(ValueError, match="17014118346047 is more than 17014118346046"):
        fixed_point(np.array([1, MAGNITUDE_MAX + 1]), 0)


def test_real_quotes_come_back_row_for_row() -> None:
    record = recorded.head(recorded.oanda_ticks(), 5000)
    ticks = ticks_of(record)
    columns = (record.batch.column(name).to_pylist() for name in ("bid", "ask", "bid_size"))
    expected = [
        (from_mantissa(bid, 5), from_mantissa(ask, 5), Decimal(size), ts)
        for bid, ask, size, ts in zip(*columns, recorded.times_of(record).tolist(), strict=True)
    ]
    assert expected == [
        (
            tick.bid_price.as_decimal(),
            tick.ask_price.as_decimal(),
            tick.bid_size.as_decimal(),
            tick.ts_event,
        )
        for tick in ticks
    ]


def test_a_quote_without_a_size_offers_what_is_configured() -> None:
    record = recorded.quotes(
        recorded.EURUSD, "x", np.array([1]), np.array([139000]), np.array([139001]), size=0
    )
    (tick,) = ticks_of(record, size_when_unknown=250)
    assert (str(tick.bid_size), str(tick.ask_size)) == ("250", "250")


def test_an_aggressor_is_told_and_a_trade_id_never_aborts_the_process() -> None:
    aggressors = np.array([1, -1, 0], np.int8)
    names = np.array(["", "x" * 100, "naïve"], dtype=object)
    prices, sizes = np.array([3535, 3536, 3537]), np.array([10, 20, 30])
    record = recorded.record(
        BatchKind.TRADES, recorded.FILUSDT, "x", np.arange(3), prices, sizes, aggressors, names
    )
    found = [(str(t.price), str(t.size), str(t.aggressor_side)) for t in trades_of(record)]
    assert found == [
        ("3.535", "1.0", "BUY"),
        ("3.536", "2.0", "SELL"),
        ("3.537", "3.0", "NO_AGGRESSOR"),
    ]


def test_a_recorded_trade_bar_is_four_ticks_at_its_close() -> None:
    bar = [np.array([value]) for value in (3533, 3535, 3530, 3534, 4003)]
    record = recorded.record(BatchKind.TRADE_BARS, recorded.FILUSDT, "x", np.array([60]), *bar)
    ticks = trades_of(record)
    assert [str(tick.price) for tick in ticks] == ["3.533", "3.535", "3.530", "3.534"]
    assert [str(tick.size) for tick in ticks] == ["100.0", "100.0", "100.0", "100.3"]
    assert {tick.ts_event for tick in ticks} == {60}


def test_a_recorded_quote_bar_moves_both_sides_together() -> None:
    bid = [np.array([value]) for value in (100, 104, 98, 101, 40)]
    ask = [np.array([value]) for value in (102, 106, 99, 103, 80)]
    record = recorded.record(BatchKind.QUOTE_BARS, recorded.EURUSD, "x", np.array([60]), *bid, *ask)
    ticks = ticks_of(record)
    assert [str(tick.bid_price) for tick in ticks] == ["0.00100", "0.00104", "0.00098", "0.00101"]
    assert [str(tick.ask_price) for tick in ticks] == ["0.00102", "0.00106", "0.00099", "0.00103"]
    assert [str(tick.ask_size) for tick in ticks] == ["20"] * 4


@pytest.mark.parametrize(
    "market", [recorded.oanda_ticks, recorded.spy_trades, recorded.filusdt_klines]
)
def test_few_ticks_and_many_are_made_alike(market: Callable[[], MarketRecord]) -> None:
    rows = FEW + 1
    whole = recorded.part(market(), 10, 10 + rows)
    together = to_ticks(Stretch(whole, recorded.times_of(whole)), 7)
    singly = []
    for row in range(rows):
        part = recorded.part(whole, row, row + 1)
        singly += to_ticks(Stretch(part, recorded.times_of(part)), 7)
    assert singly == together
    assert [str(tick) for tick in singly] == [str(tick) for tick in together]


def test_few_ticks_refuse_a_number_that_would_abort_nautilus() -> None:
    record = recorded.quotes(
        recorded.EURUSD, "x", np.array([1]), np.array([2**62]), np.array([2**62]), size=1
    )
    with pytest.raises(ValueError, match="is more than"):
        ticks_of(record)
