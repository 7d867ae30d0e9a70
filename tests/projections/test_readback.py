"""What is read back from ClickHouse is what the market log holds, to the last integer."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind, MarketRecord, Terms
from events.errors import Corrupt, NotFound
from events.market_log import MarketLog
from projections.layout import prepare
from projections.projector import Pace, Projector
from projections.readback import projected_rows, read_back
from projections.store.port import Store
from tests.projections.queries.story import market
from tests.projections.recorded import SOURCE, write_market
from tests.support import recorded
from tests.support.batches import batches_of

TICKS = st.sampled_from([BatchKind.QUOTES, BatchKind.TRADES, BatchKind.QUOTE_BARS])
APPENDED = st.tuples(TICKS, st.sampled_from(["A", "B"])).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), batches_of(pair[0]))
)


def project(store: Store, log: MarketLog, source: str = SOURCE) -> None:
    pace = Pace(rows_max=50_000)
    projector = Projector(store, log, MemoryJournal(), "none", sources=(source,), pace=pace)
    projector.run(until=lambda: True)


type Row = tuple[int, BatchKind, Terms, dict[str, object]]


def rows_of(records: list[MarketRecord]) -> list[Row]:
    """Every row with its number and terms, whatever records it came in."""
    return [
        (record.first + i, record.kind, record.terms, row)
        for record in records
        for i, row in enumerate(_plain(record.batch).to_pylist())
    ]


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    times = [pa.int64() if pa.types.is_timestamp(f.type) else f.type for f in batch.schema]
    columns = [column.cast(kind) for column, kind in zip(batch.columns, times, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def test_a_day_of_real_quotes_comes_back_as_it_was_recorded(store: Store) -> None:
    whole = recorded.eurusd_ticks()
    log = MemoryMarketLog()
    with log.open(SOURCE) as writer:
        for start in range(0, whole.rows, 4096):
            part = recorded.part(whole, start, min(start + 4096, whole.rows))
            writer.append(part.kind, part.terms, part.batch, checkpoint=b"")
    project(store, log)
    back = list(read_back(store, SOURCE))
    assert sum(record.rows for record in back) == whole.rows == 167_466
    assert {record.terms for record in back} == {whole.terms}
    assert pa.Table.from_batches([record.batch for record in back]).equals(
        pa.Table.from_batches([whole.batch])
    )


def test_any_range_comes_back_with_its_numbers(store: Store) -> None:
    log = MemoryMarketLog()
    write_market(log, 1000)
    project(store, log)
    for lo, hi in ((0, 0), (63, 64), (100, 899), (999, 999), (990, 5000)):
        back = list(read_back(store, SOURCE, lo, hi, rows_max=150))
        assert rows_of(back) == rows_of(list(log.read(SOURCE, lo, hi)))
    assert projected_rows(store, SOURCE) == 1000


def test_facts_come_back_between_ticks_as_they_were_said(store: Store) -> None:
    log = market()
    (source,) = log.sources()
    project(store, log, source)
    assert rows_of(list(read_back(store, source))) == rows_of(list(log.read(source)))
    assert [record.kind for record in read_back(store, source)][-1] is BatchKind.FACTS


@pytest.fixture(scope="module")
def prepared(engine: Store) -> Store:
    prepare(engine)
    return engine


@settings(max_examples=15)
@given(appended=st.lists(APPENDED, min_size=1, max_size=6), number=st.integers(0, 10**9))
def test_any_mix_of_batches_comes_back(
    prepared: Store,
    appended: list[tuple[BatchKind, str, pa.RecordBatch]],
    number: int,
) -> None:
    log = MemoryMarketLog()
    source = f"mixed-{number}"
    # ClickHouse's times begin in 1900, and the batches' anywhere.
    appended = [(k, i, b) for k, i, b in appended if _in_range(b)]
    with log.open(source) as writer:
        for kind, instrument, batch in appended:
            writer.append(kind, Terms(instrument=instrument), batch, checkpoint=b"")
    if not appended:
        return
    prepared.execute("TRUNCATE TABLE checkpoints")
    for name in ("quotes", "trades", "quote_bars"):
        prepared.execute(f"TRUNCATE TABLE stored_{name}")
    project(prepared, log, source)
    assert rows_of(list(read_back(prepared, source))) == rows_of(list(log.read(source)))


def _in_range(batch: pa.RecordBatch) -> bool:
    times = [batch.column(i).cast(pa.int64()).to_pylist() for i in (0, 1)]
    return all(moment > -(2**60) for column in times for moment in column)


def test_a_source_that_was_never_projected_is_not_found(store: Store) -> None:
    prepare(store)
    with pytest.raises(NotFound, match="nothing of it is in ClickHouse"):
        list(read_back(store, SOURCE))


def test_a_row_that_is_missing_is_seen(store: Store) -> None:
    log = MemoryMarketLog()
    write_market(log, 300)
    project(store, log)
    store.execute("ALTER TABLE stored_quotes DELETE WHERE seq = 123 SETTINGS mutations_sync = 2")
    with pytest.raises(Corrupt, match=f"{SOURCE}:123"):
        list(read_back(store, SOURCE))


def test_rows_that_were_inserted_twice_come_back_once(store: Store) -> None:
    log = MemoryMarketLog()
    write_market(log, 300)
    project(store, log)
    store.execute("INSERT INTO stored_quotes SELECT * FROM stored_quotes WHERE seq >= 100")
    assert rows_of(list(read_back(store, SOURCE))) == rows_of(list(log.read(SOURCE)))
