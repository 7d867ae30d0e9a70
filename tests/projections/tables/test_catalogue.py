"""Every kind of event has its table, and a row that keeps all of it."""

from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.codecs.json import decode_payload
from projections.layout import prepare
from projections.rows import rows_of_steps
from projections.store.port import Store
from projections.tables.catalogue import EVENT_TABLES, TABLE_OF, TABLES
from projections.tables.event_table import ENVELOPE
from schemas.envelope import GENESIS, AnyEvent, Event, Slice, Step
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import class_of, latest_version, registered
from tests.support.payloads import events

NEWEST = {class_of(kind, latest_version(kind)) for kind, _, _ in registered()}


def step_of(*happened: AnyEvent, run: str = "run-1", seq: int = 7) -> Step:
    return Step(
        cell="fxcm",
        run=run,
        seq=seq,
        epoch=1,
        prev_hash=GENESIS,
        ts=happened[0].ts,
        ts_recorded=happened[0].ts_recorded,
        slices=(Slice("fxcm-eurusd", 10, 19),),
        input=happened[0],
        outputs=happened[1:],
    )


def decimals_in(value: object) -> list[Decimal]:
    """Every decimal in a payload, however deep."""
    match value:
        case Decimal():
            return [value]
        case msgspec.Struct():
            return decimals_in([getattr(value, name) for name in value.__struct_fields__])
        case list() | tuple():
            return [found for item in value for found in decimals_in(item)]
        case dict():
            return decimals_in(list(value.values()))
        case _:
            return []


def fits(event: AnyEvent) -> bool:
    return all(-(10**57) < number < 10**57 for number in decimals_in(event.payload))


def test_every_kind_has_exactly_one_table() -> None:
    listed = [kind for table in EVENT_TABLES for kind in table.kinds]
    assert len(listed) == len(set(listed))
    assert set(listed) == NEWEST == TABLE_OF.keys()


@given(events(), st.integers(0, 2**62))
def test_a_row_keeps_the_whole_event(event: AnyEvent, seq: int) -> None:
    assume(fits(event))
    rows = rows_of_steps([step_of(event, seq=seq)])
    table = rows[TABLE_OF[type(event.payload)].table.stored]
    (row,) = table.select([column.name for column in ENVELOPE]).to_pylist()
    times = [table.column(name).cast(pa.int64())[0].as_py() for name in ("ts_event", "ts_recorded")]
    assert (row["run"], row["seq"], row["idx"], row["cell"]) == ("run-1", seq, 0, "fxcm")
    assert (row["id"], row["author"], row["cause"], row["correlation"]) == (
        *(event.id, event.author, event.cause, event.correlation),
    )
    assert times == [event.ts, event.ts_recorded]
    payload = decode_payload(row["kind"], row["version"], row["payload"].encode())
    assert payload == event.payload


@given(st.lists(events().filter(fits), min_size=1, max_size=6))
def test_every_event_of_a_step_is_in_one_table_at_its_place(happened: list[AnyEvent]) -> None:
    rows = rows_of_steps([step_of(*happened)])
    events_only = {name: table for name, table in rows.items() if "payload" in table.column_names}
    places = [
        (idx, kind)
        for table in events_only.values()
        for idx, kind in zip(*_columns(table, "idx", "kind"), strict=True)
    ]
    assert sorted(places) == [(i, event.kind) for i, event in enumerate(happened)]


def _columns(table: pa.Table, *names: str) -> list[list[Any]]:
    return [table.column(name).to_pylist() for name in names]


def test_a_price_with_too_many_places_is_rounded_and_kept_whole_in_the_payload() -> None:
    third = Decimal(4) / 3
    zero = Money(Decimal(0), "USD")
    changed = PositionChanged(
        instrument="EUR/USD.FXCM",
        strategy="s",
        quantity=Decimal(3),
        average_price=third,
        realised=zero,
        realised_total=zero,
        commission_total=zero,
        trade_id="1",
    )
    event = Event(
        id="p", author="a", cause="c", correlation="c", ts=0, ts_recorded=0, payload=changed
    )
    (row,) = rows_of_steps([step_of(event)])["stored_positions"].to_pylist()
    assert row["average_price"] == Decimal("1.333333333333333333")
    assert str(third) in row["payload"]


@pytest.fixture(scope="module")
def prepared(engine: Store) -> Store:
    prepare(engine)
    return engine


@pytest.mark.parametrize("name", TABLES)
def test_clickhouse_has_the_columns_that_rows_are_made_for(prepared: Store, name: str) -> None:
    table = TABLES[name]
    stored = prepared.query_arrow(f"SELECT * FROM {table.stored}").schema
    assert stored.names == table.schema.names
    for have, want in zip(stored, table.schema, strict=True):
        assert str(have.type) == str(want.type) or pa.types.is_dictionary(want.type), have.name


@given(event=events().filter(fits))
def test_clickhouse_gives_every_value_back(prepared: Store, event: AnyEvent) -> None:
    # ClickHouse's times end in 2262 and begin in 1900.
    assume(event.ts > -(2**60) and event.ts_recorded > -(2**60))
    target = TABLE_OF[type(event.payload)].table
    rows = rows_of_steps([step_of(event)])[target.stored]
    assume(all(_in_range(column) for column in rows.columns))
    prepared.execute(f"TRUNCATE TABLE {target.stored}")
    prepared.insert(target.stored, rows)
    given_back = prepared.query_arrow(f"SELECT * FROM {target.stored} FINAL")
    assert given_back.to_pylist() == rows.to_pylist()


def _in_range(column: pa.ChunkedArray) -> bool:
    if not pa.types.is_timestamp(column.type):
        return True
    return all(value > -(2**60) for value in column.cast(pa.int64()).to_pylist() if value)
