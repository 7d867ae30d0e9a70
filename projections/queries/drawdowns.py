"""Drawdowns: each fall of the equity from a peak, until the peak was reached again."""

from decimal import Decimal
from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

_SQL: Final = """
WITH curve AS (
    SELECT account, seq, idx, equity, toUnixTimestamp64Nano(ts_event) AS ts,
        equity = max(equity) OVER (PARTITION BY account ORDER BY seq, idx) AS at_peak
    FROM valuations WHERE run = {run:String}
),
episodes AS (
    SELECT *, sum(at_peak) OVER (PARTITION BY account ORDER BY seq, idx) AS episode FROM curve
),
falls AS (
    SELECT account, episode, maxIf(equity, at_peak) AS peak, maxIf(ts, at_peak) AS peak_ns,
        min(equity) AS trough, argMin(ts, (equity, seq, idx)) AS trough_ns
    FROM episodes GROUP BY account, episode
),
followed AS (
    SELECT *, leadInFrame(toNullable(peak_ns)) OVER (
        PARTITION BY account ORDER BY episode ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS recovered_ns
    FROM falls
)
SELECT account, peak, peak_ns, trough, trough_ns, recovered_ns,
    toFloat64(peak - trough) / toFloat64(peak) AS depth
FROM followed WHERE trough < peak
ORDER BY depth DESC, account, peak_ns LIMIT {most:UInt32}"""


class Drawdown(msgspec.Struct, frozen=True, kw_only=True):
    """One fall.

    Attributes:
        peak, trough: equity at its highest before, and at its lowest.
        depth: the fall as a fraction of the peak.
        recovered_ns: when equity had reached the peak again; ``None`` when it had not.
    """

    account: str
    peak: Decimal
    peak_ns: Nanoseconds
    trough: Decimal
    trough_ns: Nanoseconds
    depth: float
    recovered_ns: Nanoseconds | None


def drawdowns(queries: Queries, run: str, *, most: int = 20) -> tuple[Drawdown, ...]:
    """The deepest falls of a run, the deepest first."""
    return ask(queries, _SQL, {"run": run, "most": most}, Drawdown)
