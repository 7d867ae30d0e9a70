"""Where ``trace`` looks: the chain that a name belongs to, and the spans that were kept of it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from events.backends.sqlite.index import SqliteJournalIndex
from events.lineage import Lineage
from projections.store.opening import open_queries
from projections.store.port import Queries
from runtime.backends import backend_of, journal_of
from runtime.history import step_at
from runtime.home import Home, RunDirectory
from schemas.errors import UserError
from schemas.quantities import Nanoseconds
from schemas.trace_context import trace_id

_TRACE: Final = re.compile(r"[0-9a-f]{32}")

_SPANS: Final = (
    "SELECT SpanId AS span, ParentSpanId AS parent, SpanName AS name,"
    " toUnixTimestamp64Nano(Timestamp) AS start, Duration AS duration,"
    " SpanAttributes AS attributes, ResourceAttributes AS resource"
    " FROM otel_traces WHERE TraceId = {trace:String}"
)


class TracedSpan(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of a chain.

    Attributes:
        depth: how many spans are above it in the tree.
        position: ``run:seq.index`` of the event that it led to; empty for what a gateway did.
        ts: market time of the event, or ``None``.
        offset_ns: from the start of the chain, by the clock.
        market_ns: the same in market time, or ``None``.
        queue_ns: how long it waited for its turn, or ``None`` where nobody knows.
        handling_ns: how long it took.
    """

    name: str
    span: str
    parent: str
    depth: int
    position: str
    author: str
    event: str
    ts: Nanoseconds | None
    offset_ns: Nanoseconds
    market_ns: Nanoseconds | None
    queue_ns: Nanoseconds | None
    handling_ns: Nanoseconds
    host: str


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to ``trace``.

    Attributes:
        id: what was asked for.
        start: when the chain's first span began, by the clock.
        duration_ns: from there to the end of its last.
        spans: as a tree, every span behind the one above it.
    """

    id: str
    run: str
    trace: str
    start: Nanoseconds
    duration_ns: Nanoseconds
    spans: list[TracedSpan]


class NotTraced(UserError):
    """Nothing is called so, or nobody measured how long it took."""


def find_trace(home: Home, identifier: str, run: str | None = None) -> Trace:
    """The chain of an event, order, trade, tick or trace, with its times.

    Args:
        identifier: its name, or the beginning of it; a trace's id whole.
        run: id of the run to look in (or its beginning); all runs without it, the newest first.

    Raises:
        NotTraced: there is no such thing, or no span of it.
        Ambiguous: more than one name begins so.
        HomeError: there is no such run.
        StoreMissing: nothing was ever projected.
    """
    is_known = False
    with open_queries(home.clickhouse, home.clickhouse_socket) as queries:
        for trace in _traces(home, identifier, run):
            is_known = True
            if spans := _spans(queries, trace):
                return _answer(identifier, trace, spans)
    if not is_known:
        raise NotTraced(f"{identifier!r}: no event, order, trade or tick of that name")
    raise NotTraced(
        f"{identifier!r}: no span of its chain was kept; `wakeline backtest --trace` measures them,"
        " and so does `wakeline up --trace`"
    )


def _traces(home: Home, identifier: str, run: str | None) -> Iterator[str]:
    """The traces that may be meant, the newest run's first."""
    if _TRACE.fullmatch(identifier):
        yield identifier
        return
    for directory in [home.find_journal(run)] if run else [*reversed(home.journals())]:
        if (trace := _trace_in(directory, identifier)) is not None:
            yield trace


def _trace_in(directory: RunDirectory, name: str) -> str | None:
    journal = journal_of(directory)
    index = SqliteJournalIndex(directory.index)
    index.catch_up(journal)
    lineage = Lineage(journal, index, backend_of(directory).market_rows())
    if (found := lineage.find(name)) is not None:
        return trace_id(found.step.cell, found.step.run, found.event.correlation)
    if lineage.tick(name) is not None:
        return trace_id(step_at(journal, 0).cell, directory.run, name)
    return None


class _Stored(msgspec.Struct, frozen=True):
    """A row of ``otel_traces``."""

    span: str
    parent: str
    name: str
    start: int
    duration: int
    attributes: dict[str, str]
    resource: dict[str, str]

    @property
    def ts(self) -> Nanoseconds | None:
        """Market time of the event."""
        told = self.attributes.get("wakeline.ts")
        return None if told is None else int(told)

    @property
    def place(self) -> tuple[int, int, int]:
        """Sorts as the chain went."""
        seq, index = (int(self.attributes.get(f"wakeline.{part}", 0)) for part in ("seq", "index"))
        return self.start, seq, index


def _spans(queries: Queries, trace: str) -> list[_Stored]:
    answer = queries.query(_SPANS, {"trace": trace})
    named = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    spans = (msgspec.convert(row, _Stored, strict=False) for row in named)
    return sorted(spans, key=lambda span: span.place)


def _answer(identifier: str, trace: str, stored: Sequence[_Stored]) -> Trace:
    by_id = {span.span: span for span in stored}
    first = stored[0]
    return Trace(
        id=identifier,
        run=first.resource.get("wakeline.run", ""),
        trace=trace,
        start=first.start,
        duration_ns=max(span.start + span.duration for span in stored) - first.start,
        spans=[_shown(span, depth, by_id, first) for span, depth in _tree(stored, by_id)],
    )


def _tree(stored: Sequence[_Stored], by_id: Mapping[str, _Stored]) -> Iterator[tuple[_Stored, int]]:
    """Every span behind the one above it; one whose parent was not kept stands at the top."""
    below: defaultdict[str, list[_Stored]] = defaultdict(list)
    for span in stored:
        below[span.parent if span.parent in by_id else ""].append(span)
    waiting = [(span, 0) for span in reversed(below[""])]
    while waiting:
        span, depth = waiting.pop()
        yield span, depth
        waiting += [(child, depth + 1) for child in reversed(below[span.span])]


def _shown(span: _Stored, depth: int, by_id: Mapping[str, _Stored], first: _Stored) -> TracedSpan:
    told = span.attributes
    return TracedSpan(
        name=span.name,
        span=span.span,
        parent=span.parent,
        depth=depth,
        position=told.get("wakeline.position", ""),
        author=told.get("wakeline.author", ""),
        event=told.get("wakeline.event", ""),
        ts=span.ts,
        offset_ns=span.start - first.start,
        market_ns=None if span.ts is None or first.ts is None else span.ts - first.ts,
        queue_ns=_queue(span, by_id.get(span.parent)),
        handling_ns=span.duration,
        host=span.resource.get("host.name", ""),
    )


def _queue(span: _Stored, parent: _Stored | None) -> int | None:
    if (measured := span.attributes.get("wakeline.queue_ns")) is not None:
        return int(measured)
    return None if parent is None else max(0, span.start - parent.start - parent.duration)
