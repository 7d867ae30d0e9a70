"""The row before once more, or a second bar of one time."""

import msgspec
import numpy as np
import pyarrow.compute as pc

from actors.feeds.quality.carried import Carried
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.quality.screening import Screening
from actors.feeds.rows import Bools, Rows
from events.batches import BatchKind

_BARS = (BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS)


def check(screening: Screening, policy: QualityPolicy, carried: Carried) -> Carried:
    """Compare each row with the one before it, across blocks too."""
    rows = screening.rows
    if len(rows) == 0:
        return carried
    previous = (int(rows.ts[-1]), _values(rows, -1), _trade_id(rows, -1))
    if screening.kind is not BatchKind.TRADES or rows.trade_ids is not None:
        same = np.empty(len(rows), dtype=np.bool_)
        same[0] = _repeats(screening.kind, previous=carried.previous, rows=rows)
        same[1:] = _same_as_before(screening.kind, rows)
        screening.settle(same, policy.duplicate, "duplicate")
    return msgspec.structs.replace(carried, previous=previous)


def _same_as_before(kind: BatchKind, rows: Rows) -> Bools:
    same: Bools = rows.ts[1:] == rows.ts[:-1]
    if kind in _BARS or not same.any():
        return same
    for column in rows.columns.values():
        same &= column[1:] == column[:-1]
    if rows.trade_ids is not None:
        same &= pc.equal(rows.trade_ids[1:], rows.trade_ids[:-1]).to_numpy(zero_copy_only=False)
    return same


def _repeats(
    kind: BatchKind, *, previous: tuple[int, tuple[int, ...], str] | None, rows: Rows
) -> bool:
    if previous is None or previous[0] != int(rows.ts[0]):
        return False
    return kind in _BARS or previous[1:] == (_values(rows, 0), _trade_id(rows, 0))


def _values(rows: Rows, index: int) -> tuple[int, ...]:
    return tuple(int(column[index]) for _, column in sorted(rows.columns.items()))


def _trade_id(rows: Rows, index: int) -> str:
    return "" if rows.trade_ids is None else str(rows.trade_ids[index])
