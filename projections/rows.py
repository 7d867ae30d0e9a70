"""From what the logs hold to what the tables take: pure functions."""

from collections import defaultdict
from collections.abc import Iterable

import pyarrow as pa

from events.batches import BatchKind, MarketRecord
from projections.tables.catalogue import FACT_TABLES, STEP_TABLES, TABLE_OF, TICK_TABLES
from projections.tables.event_table import Values
from projections.tables.fact_table import facts_of
from projections.tables.table import Table
from schemas.envelope import Step

type Rows = dict[str, pa.Table]
"""Rows to insert, by stored table."""


def rows_of_steps(steps: Iterable[Step]) -> Rows:
    """Every event of the steps in its kind's table, and their checks and slices."""
    collected: defaultdict[Table, list[Values]] = defaultdict(list)
    for step in steps:
        for idx, event in enumerate(step.events):
            target = TABLE_OF[type(event.payload)]
            collected[target.table].append(target.row(step, idx, event))
        for part in STEP_TABLES:
            collected[part.table].extend(part.rows(step))
    return {table.stored: table.arrow(rows) for table, rows in collected.items() if rows}


def rows_of_market(records: Iterable[MarketRecord]) -> Rows:
    """Every tick, recorded bar and fact of the records in its table."""
    parts: defaultdict[str, list[pa.Table]] = defaultdict(list)
    facts: defaultdict[str, list[Values]] = defaultdict(list)
    for record in records:
        if record.kind is BatchKind.FACTS:
            for fact in facts_of(record):
                kind = fact.kind if fact.kind in FACT_TABLES else ""
                facts[kind].append((*fact.address, *FACT_TABLES[kind].values(fact.payload)))
        else:
            ticks = TICK_TABLES[record.kind]
            parts[ticks.table.stored].append(ticks.rows(record))
    rows = {name: _joined(tables) for name, tables in parts.items()}
    for kind, values in facts.items():
        table = FACT_TABLES[kind].table
        rows[table.stored] = table.arrow(values)
    return rows


def _joined(tables: list[pa.Table]) -> pa.Table:
    # One dictionary for all: Arrow's file format, which inserts use, cannot replace one midway.
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()
