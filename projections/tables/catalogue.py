"""All tables, and the view over everything that happened."""

from typing import Final

from events.batches import BatchKind
from projections.tables.alerts import ALERTS
from projections.tables.allocations import ALLOCATIONS
from projections.tables.cells import CELLS
from projections.tables.checks import CHECKS
from projections.tables.closed_bars import CLOSED_BARS
from projections.tables.commands import COMMANDS
from projections.tables.differences import DIFFERENCES
from projections.tables.event_table import EventTable, StepTable
from projections.tables.fact_table import FactTable
from projections.tables.fills import FILLS
from projections.tables.gaps import GAPS
from projections.tables.health import HEALTH
from projections.tables.instruments import INSTRUMENTS
from projections.tables.market_inputs import MARKET_INPUTS
from projections.tables.models_served import MODELS_SERVED
from projections.tables.observations import OBSERVATIONS
from projections.tables.orders import ORDERS
from projections.tables.otel_traces import OTEL_TRACES
from projections.tables.patterns import PATTERNS
from projections.tables.positions import POSITIONS
from projections.tables.quote_bars import QUOTE_BARS
from projections.tables.quotes import QUOTES
from projections.tables.refusals import REFUSALS
from projections.tables.risk_changes import RISK_CHANGES
from projections.tables.signals import SIGNALS
from projections.tables.slices import SLICES
from projections.tables.strategies import STRATEGIES
from projections.tables.table import Table
from projections.tables.tick_table import TickTable
from projections.tables.timers import TIMERS
from projections.tables.trade_bars import TRADE_BARS
from projections.tables.trades import TRADES
from projections.tables.valuations import VALUATIONS
from projections.tables.withheld import WITHHELD
from schemas.registry import Payload

TICK_TABLES: Final[dict[BatchKind, TickTable]] = {
    each.kind: each for each in (QUOTES, TRADES, QUOTE_BARS, TRADE_BARS)
}
FACT_TABLES: Final[dict[str, FactTable]] = {
    each.kind: each for each in (INSTRUMENTS, GAPS, REFUSALS, OBSERVATIONS)
}
EVENT_TABLES: Final[tuple[EventTable, ...]] = (
    SIGNALS,
    WITHHELD,
    ORDERS,
    FILLS,
    POSITIONS,
    VALUATIONS,
    ALLOCATIONS,
    RISK_CHANGES,
    PATTERNS,
    MODELS_SERVED,
    STRATEGIES,
    CLOSED_BARS,
    MARKET_INPUTS,
    TIMERS,
    COMMANDS,
    CELLS,
    DIFFERENCES,
    ALERTS,
    HEALTH,
)
STEP_TABLES: Final[tuple[StepTable, ...]] = (CHECKS, SLICES)

TABLE_OF: Final[dict[type[Payload], EventTable]] = {
    kind: each for each in EVENT_TABLES for kind in each.kinds
}
"""Where the events of a payload class go; every registered class has its place."""

MARKET: Final[tuple[Table, ...]] = (
    *(each.table for each in TICK_TABLES.values()),
    *(each.table for each in FACT_TABLES.values()),
)
"""Tables that are made from market logs."""

JOURNAL: Final[tuple[Table, ...]] = (
    *(each.table for each in EVENT_TABLES),
    *(each.table for each in STEP_TABLES),
)
"""Tables that are made from journals."""

SPANS: Final[tuple[Table, ...]] = (OTEL_TRACES,)
"""Tables that are made from what was measured beside journals."""

TABLES: Final[dict[str, Table]] = {table.name: table for table in (*MARKET, *JOURNAL, *SPANS)}

_EVENT: Final = (
    "run, seq, idx, concat(toString(seq), '.', toString(idx)) AS position, kind, author, id, cause,"
    " correlation, ts_event, ts_recorded, payload"
)
_FACT: Final = (
    "'' AS run, seq, 0 AS idx, concat(toString(seq), '.0') AS position, kind, source AS author,"
    " concat(source, ':', toString(seq)) AS id, id AS cause, id AS correlation, ts_event,"
    " ts_init AS ts_recorded, payload"
)

EVENTS_VIEW: Final = "CREATE OR REPLACE VIEW events AS " + " UNION ALL ".join(
    [
        *(f"SELECT {_EVENT} FROM {each.table.name}" for each in EVENT_TABLES),
        *(f"SELECT {_FACT} FROM {each.table.name}" for each in FACT_TABLES.values()),
    ]
)
"""Everything but raw ticks; what a source said, and no run, has an empty ``run``."""
