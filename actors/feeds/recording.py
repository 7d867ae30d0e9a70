"""Inspected rows as records of the log: data and facts in the order in which they happened."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from actors.feeds.facts import Fact, facts_batch, times
from actors.feeds.quality.inspection import Inspected
from actors.feeds.rows import Int64s, Refusal, Rows
from actors.feeds.text.layout import TRADE_ID
from events.batches import LAYOUTS, BatchKind, Terms
from schemas.market import Refused
from schemas.quantities import Nanoseconds

ROWS_PER_RECORD: Final = 8_192
"""Large enough that a record's overhead does not count, small enough to travel (400 kB)."""

FACTS_PER_RECORD: Final = 2_048


@dataclass(frozen=True, slots=True)
class Record:
    """One record to append."""

    kind: BatchKind
    terms: Terms
    batch: pa.RecordBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Makes the records of one source."""

    kind: BatchKind
    terms: Terms
    rows_per_record: int = ROWS_PER_RECORD
    _facts_terms: Terms = field(default=Terms(), init=False)

    def records(
        self, inspected: Inspected, refusals: Sequence[Refusal], before: Nanoseconds
    ) -> Iterator[Record]:
        """Records of evenly cut rows, each behind the facts that belong before or among its rows.

        Args:
            refusals: all of the block's, their indices counted as ``inspected.index``.
            before: market time at which the feed stood before the block.
        """
        rows = inspected.rows
        facts = self._facts(inspected, refusals, before)
        ranks = [rank for rank, _ in facts]
        batch = self._batch(rows) if len(rows) else None
        pieces = max(-(-len(rows) // self.rows_per_record), 1)
        start = noted = 0
        for piece in range(1, pieces + 1):
            end = len(rows) * piece // pieces
            until = len(facts) if piece == pieces else bisect_left(ranks, end)
            yield from self.of_facts([fact for _, fact in facts[noted:until]])
            if batch is not None:
                yield Record(self.kind, self.terms, batch.slice(start, end - start))
            start, noted = end, until

    def of_facts(self, facts: Sequence[Fact]) -> Iterator[Record]:
        """Records of facts alone."""
        for start in range(0, len(facts), FACTS_PER_RECORD):
            batch = facts_batch(facts[start : start + FACTS_PER_RECORD])
            yield Record(BatchKind.FACTS, self._facts_terms, batch)

    def _facts(
        self, inspected: Inspected, refusals: Sequence[Refusal], before: Nanoseconds
    ) -> list[tuple[int, Fact]]:
        """Facts by how many of the accepted rows come before each."""
        stood = np.concatenate(([before], inspected.rows.ts))
        order = np.sort(inspected.index)
        ranks = np.searchsorted(order, [refusal.index for refusal in refusals])
        found = [
            (rank, Fact(ts, self._refused(refusal)))
            for rank, ts, refusal in zip(
                ranks.tolist(), stood[ranks].tolist(), refusals, strict=True
            )
        ]
        if inspected.silences:
            found += [(each.index, Fact(each.gap.ts_to, each.gap)) for each in inspected.silences]
            # Rows refused where a silence ended came before the row that ended it.
            found.sort(key=lambda item: (item[0], item[1].ts))
        return found

    def _refused(self, refusal: Refusal) -> Refused:
        origin = refusal.origin
        return Refused(
            file=origin.file,
            row=origin.number,
            field=refusal.field,
            reason=refusal.reason,
            raw=origin.raw,
            instrument=self.terms.instrument,
        )

    def _batch(self, rows: Rows) -> pa.RecordBatch:
        layout = LAYOUTS[self.kind]
        ts = times(rows.ts)
        return pa.RecordBatch.from_arrays(
            [
                ts,
                ts,
                *(self._column(rows, column) for column in layout if column.name[:3] != "ts_"),
            ],
            schema=layout,
        )

    def _column(self, rows: Rows, column: pa.Field) -> pa.Array:
        if column.name == TRADE_ID:
            nothing = pa.repeat(pa.scalar("", pa.string()), len(rows))
            return nothing if rows.trade_ids is None else rows.trade_ids
        values: Int64s = rows.columns[column.name]
        return pa.array(values).cast(column.type)
