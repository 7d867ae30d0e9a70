"""Spans, in the layout of the table that the OpenTelemetry Collector's ClickHouse exporter fills.

Names and types are the exporter's, so that dashboards made for it read this too. The key is ours:
a span is named by its trace and its id, and one that is inserted twice counts once.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

import pyarrow as pa

from events.spans import Attribute, Span
from projections.tables.column import Column
from projections.tables.table import Table

_TERM: Final = "LowCardinality(String)"
_TERMS: Final = "Map(LowCardinality(String), String)"
_ZSTD: Final = "CODEC(ZSTD(1))"
_TIME: Final = pa.timestamp("ns", tz="UTC")
_MAP: Final = pa.map_(pa.string(), pa.string())


def _text(name: str, kind: str = "String") -> Column:
    return Column(name, f"{kind} {_ZSTD}", pa.string())


def _map(name: str) -> Column:
    return Column(name, f"{_TERMS} {_ZSTD}", _MAP)


def _list(name: str, kind: str, arrow: pa.DataType) -> Column:
    item = pa.field("item", arrow, nullable=False)
    return Column(name, f"Array({kind}) {_ZSTD}", pa.list_(item))


OTEL_TRACES: Final = Table(
    name="otel_traces",
    columns=(
        Column("Timestamp", "DateTime64(9) CODEC(Delta, ZSTD(1))", _TIME),
        _text("TraceId"),
        _text("SpanId"),
        _text("ParentSpanId"),
        _text("TraceState"),
        _text("SpanName", _TERM),
        _text("SpanKind", _TERM),
        _text("ServiceName", _TERM),
        _map("ResourceAttributes"),
        _text("ScopeName"),
        _text("ScopeVersion"),
        _map("SpanAttributes"),
        Column("Duration", f"UInt64 {_ZSTD}", pa.uint64()),
        _text("StatusCode", _TERM),
        _text("StatusMessage"),
        _list("Events.Timestamp", "DateTime64(9)", _TIME),
        _list("Events.Name", _TERM, pa.string()),
        _list("Events.Attributes", _TERMS, _MAP),
        _list("Links.TraceId", "String", pa.string()),
        _list("Links.SpanId", "String", pa.string()),
        _list("Links.TraceState", "String", pa.string()),
        _list("Links.Attributes", _TERMS, _MAP),
    ),
    key=("TraceId", "SpanId"),
    indexes=(
        "idx_time Timestamp TYPE minmax GRANULARITY 1",
        "idx_duration Duration TYPE minmax GRANULARITY 1",
    ),
)
"""A row a span; ``Events`` and ``Links`` are the exporter's, and empty here."""

TRACE_TIMES_VIEW: Final = (
    "CREATE OR REPLACE VIEW otel_traces_trace_id_ts AS SELECT TraceId,"
    " min(Timestamp) AS Start, max(Timestamp) AS End FROM otel_traces GROUP BY TraceId"
)
"""When a trace began and when its last span did: where viewers of the exporter's tables look
first."""


def rows_of_spans(spans: Sequence[Span]) -> pa.Table:
    """Rows to insert, at least one."""
    made_by = version("wakeline")
    return OTEL_TRACES.arrow(
        (
            span.start,
            span.trace,
            span.id,
            span.parent,
            "",
            span.name,
            span.kind.value,
            span.resource.get("service.name", ""),
            [*span.resource.items()],
            "wakeline",
            made_by,
            [(name, _written(value)) for name, value in span.attributes.items()],
            max(0, span.end - span.start),
            "Unset",
            "",
            *([] for _ in range(7)),
        )
        for span in spans
    )


def _written(value: Attribute) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
