"""The table of spans is the one that the Collector's ClickHouse exporter makes."""

from projections.layout import prepare
from projections.store.port import Store
from projections.tables.otel_traces import OTEL_TRACES, rows_of_spans
from tests.events.backends.files.test_span_file import span

EXPORTERS = (
    ("Timestamp", "DateTime64(9)"),
    ("TraceId", "String"),
    ("SpanId", "String"),
    ("ParentSpanId", "String"),
    ("TraceState", "String"),
    ("SpanName", "LowCardinality(String)"),
    ("SpanKind", "LowCardinality(String)"),
    ("ServiceName", "LowCardinality(String)"),
    ("ResourceAttributes", "Map(LowCardinality(String), String)"),
    ("ScopeName", "String"),
    ("ScopeVersion", "String"),
    ("SpanAttributes", "Map(LowCardinality(String), String)"),
    ("Duration", "UInt64"),
    ("StatusCode", "LowCardinality(String)"),
    ("StatusMessage", "String"),
    ("Events.Timestamp", "Array(DateTime64(9))"),
    ("Events.Name", "Array(LowCardinality(String))"),
    ("Events.Attributes", "Array(Map(LowCardinality(String), String))"),
    ("Links.TraceId", "Array(String)"),
    ("Links.SpanId", "Array(String)"),
    ("Links.TraceState", "Array(String)"),
    ("Links.Attributes", "Array(Map(LowCardinality(String), String))"),
)
"""What version 0.165 of the exporter creates, as ClickHouse describes it."""


def test_has_the_exporters_columns_and_types_in_its_order(store: Store) -> None:
    prepare(store)
    described = store.query("DESCRIBE otel_traces").rows
    assert tuple((str(row[0]), str(row[1])) for row in described) == EXPORTERS


def test_a_span_comes_back_with_its_time_to_the_nanosecond(store: Store) -> None:
    prepare(store)
    store.insert(OTEL_TRACES.stored, rows_of_spans([span(1_398_924_000_000_000_123)]))
    [row] = store.query(
        "SELECT toUnixTimestamp64Nano(Timestamp), Duration, SpanName, SpanKind, SpanAttributes,"
        " ResourceAttributes['wakeline.run'], StatusCode, `Events.Name` FROM otel_traces"
    ).rows
    attributes = {
        "wakeline.seq": "1398924000000000123",
        "wakeline.again": "false",
        "wakeline.author": "vénue",
    }
    assert [str(each) for each in row[:2]] == ["1398924000000000123", "5"]
    assert row[2:] == ("order.filled", "Consumer", attributes, "r", "Unset", [])


def test_a_span_that_is_inserted_twice_counts_once(store: Store) -> None:
    prepare(store)
    for _ in range(2):
        store.insert(OTEL_TRACES.stored, rows_of_spans([span(1), span(2)]))
    assert store.query("SELECT count() FROM otel_traces").rows == ((2,),)
    times = "SELECT toUnixTimestamp64Nano(Start) FROM otel_traces_trace_id_ts ORDER BY 1"
    assert [int(str(row[0])) for row in store.query(times).rows] == [1, 2]
