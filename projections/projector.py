"""Follows a run's journal and the market sources behind it, and keeps the tables up with them.

The logs are the truth and are read on demand, so a projector holds nothing that could be lost:
after kill -9 at any instant the next one goes on from the last checkpoint. What had been inserted
beyond it is inserted again, under the same keys, and no view counts it twice.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from events.codecs.json import decode_step
from events.errors import NotFound
from events.journal import Journal
from events.market_log import MarketLog
from events.spans import SpanReader, Spans
from projections.checkpoints import (
    advance,
    journal_stream,
    market_stream,
    projected,
    span_stream,
)
from projections.layout import prepare
from projections.rows import Rows, rows_of_market, rows_of_steps
from projections.store.port import Store
from projections.tables.otel_traces import OTEL_TRACES, rows_of_spans
from schemas.envelope import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When to insert: ClickHouse likes few large inserts, people like fresh answers.

    Attributes:
        rows_max: market rows of one source in a turn.
        steps_max: steps in a turn.
        span_bytes_max: bytes of spans in a turn.
        linger_s: how long fewer than that may wait for more to come.
        idle_s: how long to pause when there was nothing to do.
    """

    rows_max: int = 250_000
    steps_max: int = 10_000
    span_bytes_max: int = 8_000_000
    linger_s: float = 0.1
    idle_s: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a projector has come.

    Attributes:
        steps: steps of the run that are in the tables.
        sources: for each market source, its rows that are.
        rows: rows that this projector has inserted, in all tables.
    """

    steps: int
    sources: Mapping[str, int]
    rows: int


class Projector:
    """Projects one run, and of each market source what the run consumed.

    Attributes:
        checkpoints: how far the tables are, by stream. Projectors of one store that work in turn
            share them, so that none inserts again what another has.

    Args:
        store: owned by this process; its tables are made if they are missing.
        sources: market sources to project wholly and from the start, without waiting until a step
            refers to them. What any run before had projected of a source stays projected.
    """

    def __init__(
        self,
        store: Store,
        market_log: MarketLog,
        journal: Journal,
        run: str,
        *,
        sources: Iterable[str] = (),
        pace: Pace | None = None,
    ) -> None:
        prepare(store)
        self._store: Final = store
        self._market_log: Final = market_log
        self._journal: Final = journal
        self._run: Final = run
        self._spans: Spans | None = None
        self._learner: Callable[[Step], None] | None = None
        self._pace: Final = pace or Pace()
        self._whole: Final = frozenset(sources)
        self._consumed: Final = self._consumed_before()
        self.checkpoints = projected(store)
        self._inserted_at: Final[dict[str, float]] = {}
        self._rows = 0

    def follow(self, spans: Spans) -> None:
        """Project also what was measured beside the run."""
        self._spans = spans

    def tell(self, learner: Callable[[Step], None]) -> None:
        """Show somebody all steps of the run in order: those projected before now, others as they
        are decoded to be projected.
        """
        before = self.checkpoints.get(journal_stream(self._run), 0)
        for record in islice(self._journal.records(), before):
            learner(decode_step(record.body))
        self._learner = learner

    def run(self, until: Callable[[], bool]) -> Progress:
        """Project until ``until()`` says that the logs are complete and nothing of them is left."""
        while True:
            complete = until()
            worked = self.turn(everything=complete)
            if complete and not worked:
                return self.progress()
            if not worked:
                time.sleep(self._pace.idle_s)

    def turn(self, *, everything: bool = True) -> bool:
        """Insert a batch of every stream that has enough (or anything); whether one had."""
        worked = self._project_steps(everything)
        for source in sorted(self._whole | self._consumed.keys()):
            worked |= self._project_source(source, everything)
        if self._spans is not None:
            for name, spans in self._spans.readers().items():
                stream = span_stream(self._run, name)
                worked |= self._project_spans(stream, spans, everything)
        return worked

    def progress(self) -> Progress:
        """How far it has come, in what is safely inserted."""
        sources = sorted(self._whole | self._consumed.keys())
        return Progress(
            steps=self.checkpoints.get(journal_stream(self._run), 0),
            sources={source: self.checkpoints.get(market_stream(source), 0) for source in sources},
            rows=self._rows,
        )

    def _project_steps(self, everything: bool) -> bool:
        stream = journal_stream(self._run)
        start = self.checkpoints.get(stream, 0)
        end = min(self._journal.end(), start + self._pace.steps_max)
        if not self._is_due(stream, end - start, self._pace.steps_max, everything):
            return False
        records = islice(self._journal.records(start), end - start)
        steps = [decode_step(record.body) for record in records]
        for step in steps:
            for part in step.slices:
                self._consume(part.source, part.to_seq + 1)
            if self._learner is not None:
                self._learner(step)
        assert len(steps) == end - start, f"{self._run}: {len(steps)} of steps {start}..{end - 1}"
        self._insert(rows_of_steps(steps), stream, end)
        return True

    def _project_source(self, source: str, everything: bool) -> bool:
        stream = market_stream(source)
        start = self.checkpoints.get(stream, 0)
        end = min(self._wanted(source), start + self._pace.rows_max)
        if not self._is_due(stream, end - start, self._pace.rows_max, everything):
            return False
        rows = rows_of_market(self._market_log.read(source, start, end - 1))
        read = sum(batch.num_rows for batch in rows.values())
        assert read == end - start, f"{source}: {read} rows of {start}..{end - 1}"
        self._insert(rows, stream, end)
        return True

    def _project_spans(self, stream: str, spans: SpanReader, everything: bool) -> bool:
        start = self.checkpoints.get(stream, 0)
        if not self._is_due(stream, spans.end() - start, self._pace.span_bytes_max, everything):
            return False
        found, end = spans.read(start, self._pace.span_bytes_max)
        if not found:  # A span that is being written, or was when its writer was killed.
            return False
        self._insert({OTEL_TRACES.stored: rows_of_spans(found)}, stream, end)
        return True

    def _wanted(self, source: str) -> int:
        try:
            end = self._market_log.end(source)
        except NotFound:
            return 0
        return end if source in self._whole else min(end, self._consumed[source])

    def _is_due(self, stream: str, available: int, enough: int, everything: bool) -> bool:
        if available <= 0:
            return False
        now = time.monotonic()
        waited = now - self._inserted_at.setdefault(stream, now)
        return everything or available >= enough or waited >= self._pace.linger_s

    def _insert(self, rows: Rows, stream: str, end: int) -> None:
        for table, batch in rows.items():
            self._store.insert(table, batch)
            self._rows += batch.num_rows
        advance(self._store, stream, end)
        self.checkpoints[stream] = end
        self._inserted_at[stream] = time.monotonic()

    def _consume(self, source: str, end: int) -> None:
        self._consumed[source] = max(end, self._consumed.get(source, 0))

    def _consumed_before(self) -> dict[str, int]:
        # Steps may be in the tables while the ticks that they refer to are not yet.
        rows = self._store.query(
            "SELECT source, max(to_seq) + 1 FROM slices WHERE run = {run:String} GROUP BY source",
            {"run": self._run},
        ).rows
        return {str(source): int(str(end)) for source, end in rows}
