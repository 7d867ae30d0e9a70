"""A feed that goes on talking while its prices stand still."""

import msgspec
import numpy as np

from actors.feeds.columns import PRICES
from actors.feeds.quality.carried import Carried
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.quality.screening import Screening
from events.batches import BatchKind
from schemas.quantities import SECOND_NS


def check(screening: Screening, policy: QualityPolicy, carried: Carried, gap_ns: int) -> Carried:
    """Mark quotes whose prices have not changed for too long; a silence begins the count again."""
    rows = screening.rows
    if screening.kind is not BatchKind.QUOTES or len(rows) == 0:
        return carried
    prices = [rows.columns[name] for name in PRICES[screening.kind]]
    changed = np.ones(len(rows), dtype=np.bool_)
    changed[1:] = np.diff(rows.ts) > gap_ns
    for column in prices:
        changed[1:] |= column[1:] != column[:-1]
    first = tuple(int(column[0]) for column in prices)
    same_as_before = (
        first == carried.still
        and carried.last_ts is not None
        and int(rows.ts[0]) - carried.last_ts <= gap_ns
    )
    starts = np.where(changed, rows.ts, np.iinfo(np.int64).min)
    if same_as_before:
        starts[0] = carried.still_since
    since = np.maximum.accumulate(starts)
    carried = msgspec.structs.replace(
        carried, still=tuple(int(column[-1]) for column in prices), still_since=int(since[-1])
    )
    mask = rows.ts - since > policy.stale_after_s * SECOND_NS
    screening.settle(mask, policy.stale, "stale", "bid")
    return carried
