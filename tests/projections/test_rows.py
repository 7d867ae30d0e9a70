"""Rows for the tables, made from market records without a store."""

from decimal import Decimal

import pyarrow as pa

from events.batches import LAYOUTS, BatchKind, MarketRecord, Terms
from events.codecs.json import encode_payload
from projections.rows import rows_of_market
from schemas.market import AssetClass, Book, BookLevel, Instrument, Observation, Refused
from schemas.registry import Payload
from tests.support.batches import EURUSD, quotes

SOURCE = "s"


def facts(first: int, *said: Payload) -> MarketRecord:
    layout = LAYOUTS[BatchKind.FACTS]
    columns = (
        [1] * len(said),
        [2] * len(said),
        [payload.KIND for payload in said],
        [payload.VERSION for payload in said],
        [encode_payload(payload).decode() for payload in said],
    )
    batch = pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, layout, strict=True)],
        schema=layout,
    )
    return MarketRecord(
        source=SOURCE, first=first, kind=BatchKind.FACTS, terms=Terms(), batch=batch
    )


def ticks(first: int, rows: int, instrument: str) -> MarketRecord:
    terms = Terms(instrument=instrument, price_precision=5, size_precision=2)
    kind, batch = BatchKind.QUOTES, quotes(first, rows)
    return MarketRecord(source=SOURCE, first=first, kind=kind, terms=terms, batch=batch)


def test_records_of_several_instruments_become_one_insert_a_table() -> None:
    records = [ticks(0, 3, EURUSD.instrument), ticks(3, 2, "XAU/USD.OANDA"), ticks(5, 1, "A.B")]
    ((table, rows),) = rows_of_market(records).items()
    assert table == "stored_quotes"
    assert rows.column("seq").to_pylist() == list(range(6))
    assert rows.column("instrument").to_pylist() == [
        *[EURUSD.instrument] * 3,
        *["XAU/USD.OANDA"] * 2,
        "A.B",
    ]
    assert rows.column("instrument").num_chunks == 1
    assert set(rows.column("size_precision").to_pylist()) == {2}


def test_facts_between_ticks_go_to_the_tables_of_their_kinds() -> None:
    terms = Instrument(
        id="EUR/USD.FXCM",
        asset_class=AssetClass.FX,
        quote_currency="USD",
        price_precision=5,
        size_precision=0,
        tick_size=Decimal("0.00001"),
        lot_size=Decimal(1),
    )
    refused = Refused(file="day.csv", row=7, field="bid", reason="crossed", raw="x")
    records = [facts(0, terms, refused), ticks(2, 3, terms.id), facts(5, refused)]
    rows = rows_of_market(records)
    assert rows["stored_refusals"].select(["seq", "row", "reason"]).to_pylist() == [
        {"seq": 1, "row": 7, "reason": "crossed"},
        {"seq": 5, "row": 7, "reason": "crossed"},
    ]
    (stated,) = rows["stored_instruments"].to_pylist()
    assert (stated["seq"], stated["symbol"], stated["venue"]) == (0, "EUR/USD", "FXCM")
    assert stated["settlement_currency"] == "USD"
    assert rows["stored_quotes"].num_rows == 3


def test_a_fact_without_a_table_of_its_own_is_kept_with_its_payload() -> None:
    rate = Observation(name="EURIBOR 3M", value=0.31, unit="percent")
    level = BookLevel(Decimal("1.1"), Decimal(5))
    book = Book(instrument="EUR/USD.FXCM", bids=(level,), asks=())
    first, second = rows_of_market([facts(0, rate, book)])["stored_observations"].to_pylist()
    assert (first["name"], first["value"], first["unit"]) == ("EURIBOR 3M", 0.31, "percent")
    assert (second["kind"], second["name"]) == ("market.book", "")
    assert second["payload"] == encode_payload(book).decode()
