"""The equity curve, with exposure and drawdown."""

from decimal import Decimal
from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

_SQL: Final = """
SELECT account, intDiv(toUnixTimestamp64Nano(ts_event), {bucket_ns:Int64}) AS bucket,
    toUnixTimestamp64Nano(argMax(ts_event, (seq, idx))) AS ts,
    argMax(currency, (seq, idx)) AS currency, argMax(balance, (seq, idx)) AS balance,
    argMax(equity, (seq, idx)) AS equity, argMax(exposure, (seq, idx)) AS exposure,
    max(drawdown) AS drawdown,
    if(equity = 0, 0, toFloat64(exposure) / toFloat64(equity)) AS leverage
FROM valuations WHERE run = {run:String}
GROUP BY account, bucket ORDER BY account, bucket"""


class EquityPoint(msgspec.Struct, frozen=True, kw_only=True):
    """An account at the end of a stretch of market time.

    Attributes:
        ts: of the stretch's last valuation.
        exposure: sum of the absolute notionals; leverage: exposure over equity.
        drawdown: the deepest of the stretch, as a fraction of the peak before.
    """

    account: str
    ts: Nanoseconds
    currency: str
    balance: Decimal
    equity: Decimal
    exposure: Decimal
    drawdown: float
    leverage: float


def equity_curve(queries: Queries, run: str, *, bucket_s: float = 0.0) -> tuple[EquityPoint, ...]:
    """The account over time, by account.

    Args:
        bucket_s: length of a stretch, aligned to midnight UTC; 0 gives a point a time of valuation.
    """
    bucket_ns = max(1, round(bucket_s * 1e9))
    return ask(queries, _SQL, {"run": run, "bucket_ns": bucket_ns}, EquityPoint)
