"""Rows that come later than they should: dropped, or sorted when they are only a little late."""

from typing import Final

import msgspec
import numpy as np

from actors.feeds.quality.carried import Carried, Held
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.quality.screening import Screening
from actors.feeds.rows import Int64s

_MS: Final = 1_000_000


def check(screening: Screening, policy: QualityPolicy, carried: Carried, *, last: bool) -> Carried:
    """Leave only rows in order of time.

    With ``repair``, rows wait until no row that may pass them can come: the result does not depend
    on how the file was cut into blocks.

    Args:
        last: whether this is the end of the input, at which nothing waits any longer.
    """
    if carried.held is not None:
        screening.precede(carried.held.before(screening.rows))
    ts = screening.rows.ts
    if len(ts) == 0:
        return carried
    if policy.out_of_order is not Action.REPAIR:
        screening.settle(
            _highest_before(ts, carried.latest) > ts, Action.DROP, "out_of_order", "time"
        )
        return _latest(carried, screening.rows.ts)
    within = policy.reorder_within_ms * _MS
    # Rows that waited were judged when they came.
    waiting = carried.waiting
    fresh = np.arange(len(ts)) >= waiting
    before = _highest_before(ts[waiting:], carried.latest)
    late = np.zeros(len(ts), dtype=np.bool_)
    late[fresh] = before > ts[waiting:]
    lost = np.zeros(len(ts), dtype=np.bool_)
    lost[fresh] = before - within > ts[waiting:]
    screening.suspicious["reordered"] += int(np.count_nonzero(late & ~lost))
    carried = _latest(carried, ts[waiting:])
    screening.settle(lost, Action.DROP, "out_of_order", "time")
    screening.select(np.argsort(screening.rows.ts, kind="stable"))
    return _hold(screening, carried, within, last=last)


def _hold(screening: Screening, carried: Carried, within: int, *, last: bool) -> Carried:
    ts = screening.rows.ts
    count = len(ts)
    if not last and carried.latest is not None:
        count = int(np.searchsorted(ts, carried.latest - within, side="right"))
    held = screening.rows.take(np.arange(count, len(ts)))
    screening.select(np.arange(count))
    return msgspec.structs.replace(carried, held=Held.of(held) if len(held) else None)


def _highest_before(ts: Int64s, latest: int | None) -> Int64s:
    """For each row the latest time among all rows before it."""
    first = np.iinfo(np.int64).min // 2 if latest is None else latest
    return np.maximum.accumulate(np.concatenate(([first], ts)))[:-1]


def _latest(carried: Carried, ts: Int64s) -> Carried:
    if len(ts) == 0:
        return carried
    latest = int(ts.max())
    if carried.latest is not None:
        latest = max(latest, carried.latest)
    return msgspec.structs.replace(carried, latest=latest)
