"""Latency by stage, from what was recorded: input, signal, approval, submission, fill."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

STAGES: Final = (
    "input → signal",
    "signal → approval",
    "approval → submission",
    "submission → fill",
)

# Every answer names what it answers as its cause: a request its signal, an approval its request,
# and a venue's answers the approval.
_SQL: Final = """
WITH turns AS (
    SELECT id, cause, kind, client_order_id, toUnixTimestamp64Nano(ts_event) AS event_ns,
        toUnixTimestamp64Nano(ts_recorded) AS recorded_ns
    FROM orders WHERE run = {run:String}
),
raised AS (
    SELECT id, seq, toUnixTimestamp64Nano(ts_event) AS event_ns,
        toUnixTimestamp64Nano(ts_recorded) AS recorded_ns
    FROM signals WHERE run = {run:String}
),
inputs AS (
    SELECT seq, toUnixTimestamp64Nano(ts_event) AS event_ns,
        toUnixTimestamp64Nano(ts_recorded) AS recorded_ns
    FROM events WHERE run = {run:String} AND idx = 0
),
traded AS (
    SELECT client_order_id, toUnixTimestamp64Nano(ts_event) AS event_ns,
        toUnixTimestamp64Nano(ts_recorded) AS recorded_ns
    FROM fills WHERE run = {run:String}
),
pairs AS (
    SELECT 1 AS stage, i.recorded_ns AS from_recorded, s.recorded_ns AS to_recorded,
        i.event_ns AS from_event, s.event_ns AS to_event
    FROM raised AS s INNER JOIN inputs AS i ON i.seq = s.seq
    UNION ALL
    SELECT 2, s.recorded_ns, a.recorded_ns, s.event_ns, a.event_ns
    FROM turns AS a INNER JOIN turns AS r ON r.id = a.cause INNER JOIN raised AS s ON s.id = r.cause
    WHERE a.kind = 'order.approved'
    UNION ALL
    SELECT 3, a.recorded_ns, u.recorded_ns, a.event_ns, u.event_ns
    FROM turns AS u INNER JOIN turns AS a ON a.id = u.cause
    WHERE u.kind = 'order.submitted' AND a.kind = 'order.approved'
    UNION ALL
    SELECT 4, u.recorded_ns, f.recorded_ns, u.event_ns, f.event_ns
    FROM traded AS f INNER JOIN turns AS u ON u.client_order_id = f.client_order_id
    WHERE u.kind = 'order.submitted'
)
SELECT stage, count() AS count,
    toInt64(quantileExact(0.5)(to_recorded - from_recorded)) AS recorded_p50_ns,
    toInt64(quantileExact(0.99)(to_recorded - from_recorded)) AS recorded_p99_ns,
    max(to_recorded - from_recorded) AS recorded_max_ns,
    toInt64(quantileExact(0.5)(to_event - from_event)) AS market_p50_ns,
    toInt64(quantileExact(0.99)(to_event - from_event)) AS market_p99_ns,
    max(to_event - from_event) AS market_max_ns
FROM pairs GROUP BY stage ORDER BY stage"""


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    stage: int
    count: int
    recorded_p50_ns: Nanoseconds
    recorded_p99_ns: Nanoseconds
    recorded_max_ns: Nanoseconds
    market_p50_ns: Nanoseconds
    market_p99_ns: Nanoseconds
    market_max_ns: Nanoseconds


class StageLatency(_Row, frozen=True, kw_only=True):
    """How long a stage took.

    Attributes:
        stage: 1 to 4; name: what lies between.
        recorded_...: on the clock of the machine that recorded it.
        market_...: in market time; in a backtest, the simulated latency and the wait for a price.
    """

    name: str


def latency_by_stage(queries: Queries, run: str) -> tuple[StageLatency, ...]:
    """Every stage that happened at least once, in order."""
    return tuple(
        StageLatency(name=STAGES[row.stage - 1], **msgspec.structs.asdict(row))
        for row in ask(queries, _SQL, {"run": run}, _Row)
    )
