"""A record folded in stretches comes to the same as its rows folded one by one."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from actors.monitoring.folding import Fold, Measured, after_event
from actors.monitoring.health import Health, HealthConfig
from events.batches import BatchKind, MarketRecord
from runtime.streams.stretches import Stretch, stretches
from schemas.envelope import AnyEvent
from tests.support.batches import EURUSD, quotes
from tests.support.recorded import oanda_ticks, part

LENGTH = 60 * 10**9


def record_at(times: list[int]) -> MarketRecord:
    batch = quotes(0, len(times))
    column = pa.array(times, batch.schema.field("ts_event").type)
    batch = batch.set_column(0, batch.schema.field("ts_event"), column)
    return MarketRecord(source="s", first=0, kind=BatchKind.QUOTES, terms=EURUSD, batch=batch)


def by_stretch(record: MarketRecord, length: int) -> tuple[Fold, list[Measured], list[Stretch]]:
    fold, over, seen = Fold(), [], []
    half = max(record.rows // 2, 1)
    parts = [part(record, 0, half), part(record, half, record.rows)]
    for each in (cut for cut in parts if cut.rows):
        for stretch in stretches(each, length, fold.window.end if fold.window else None):
            assert stretch.last is not None
            seen.append(stretch)
            fold, closed = after_event(fold, stretch.last, length, stretch.rows)
            over += [closed] if closed else []
    return fold, over, seen


def row_by_row(record: MarketRecord) -> list[AnyEvent]:
    rows = (part(record, row, row + 1) for row in range(record.rows))
    return [told.last for row in rows for told in stretches(row, LENGTH, None) if told.last]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_in_whatever_order_the_rows_stand(times: list[int]) -> None:
    record = record_at(times)
    fold, over, seen = by_stretch(record, 10)
    one_by_one, over_one_by_one = Fold(), []
    for told in row_by_row(record):
        one_by_one, closed = after_event(one_by_one, told, 10)
        over_one_by_one += [closed] if closed else []
    assert (fold, over) == (one_by_one, over_one_by_one)
    assert sum(each.rows for each in seen) == len(times)


def test_a_recorded_day_has_the_windows_that_the_decider_in_a_cell_has() -> None:
    record = oanda_ticks()
    fold, over, seen = by_stretch(record, LENGTH)
    assert len(seen) < record.rows
    health = Health(HealthConfig(window_ms=60_000))
    state, closed = health.initial(), []
    for told in row_by_row(record):
        state = health.evolve(state, told)
        closed += [state.closed] if state.closed else []
    assert [each.window for each in over] == closed
    assert fold.window == state.window
