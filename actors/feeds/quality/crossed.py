"""Quotes whose ask is below their bid."""

from typing import Final

import numpy as np

from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.quality.screening import Screening
from actors.feeds.rows import Bools, Int64s, Rows
from events.batches import BatchKind

_PAIRS: Final = {
    BatchKind.QUOTES: (("bid", "ask"),),
    BatchKind.QUOTE_BARS: (("bid_open", "ask_open"), ("bid_close", "ask_close")),
}
_ALL_PAIRS: Final = {
    BatchKind.QUOTES: (("bid", "ask"), ("bid_size", "ask_size")),
    BatchKind.QUOTE_BARS: tuple(
        (f"bid_{name}", f"ask_{name}") for name in ("open", "high", "low", "close", "size")
    ),
}


def check(screening: Screening, policy: QualityPolicy) -> None:
    """A bar is crossed when it opens or closes so; its highs and lows are of different moments."""
    if screening.kind not in _PAIRS:
        return
    columns = screening.rows.columns
    mask = np.logical_or.reduce([columns[a] < columns[b] for b, a in _PAIRS[screening.kind]])
    if policy.crossed is Action.REPAIR and mask.any():
        screening.rows = _swapped(screening.rows, mask, screening.kind)
    screening.settle(mask, policy.crossed, "crossed", "ask")


def _swapped(rows: Rows, mask: Bools, kind: BatchKind) -> Rows:
    changed: dict[str, Int64s] = {}
    for bid, ask in _ALL_PAIRS[kind]:
        changed[bid] = np.where(mask, rows.columns[ask], rows.columns[bid])
        changed[ask] = np.where(mask, rows.columns[bid], rows.columns[ask])
    return rows.with_columns(changed)
