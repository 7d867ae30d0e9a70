"""The rows of one block on their way through the checks, and what became of those that fell out."""

from collections import Counter
from typing import Final

import numpy as np

from actors.feeds.quality.policy import Action
from actors.feeds.rows import Bools, Int64s, Refusal, Rows
from events.batches import BatchKind


class Screening:
    """Checks mark rows by masks over ``rows``; what they drop is gone for the checks behind them.

    Attributes:
        rows: what is left.
        index: which row each of them was, counted from the first that waited, then through the
            block.
    """

    def __init__(self, kind: BatchKind, rows: Rows, waiting: int) -> None:
        self.kind: Final = kind
        self.rows = rows
        self.index: Int64s = np.arange(waiting, waiting + len(rows), dtype=np.int64)
        self.refusals: Final[list[Refusal]] = []
        self.suspicious: Final[Counter[str]] = Counter()

    def settle(self, mask: Bools, action: Action, reason: str, field: str = "") -> None:
        """Drop or keep the marked rows; a repair is the caller's, and counts as kept."""
        marked = int(np.count_nonzero(mask))
        if not marked:
            return
        if action is not Action.DROP:
            self.suspicious[reason] += marked
            return
        origin = self.rows.origin
        places, indices = np.flatnonzero(mask).tolist(), self.index[mask].tolist()
        self.refusals.extend(
            Refusal(index, origin(place), field, reason)
            for place, index in zip(places, indices, strict=True)
        )
        self.select(np.flatnonzero(~mask))

    def select(self, chosen: Int64s) -> None:
        """Go on with these rows, in this order."""
        self.rows = self.rows.take(chosen)
        self.index = self.index[chosen]

    def precede(self, rows: Rows) -> None:
        """Go on with rows that waited and their successors of this block together."""
        waited = len(rows) - len(self.rows)
        self.rows = rows
        self.index = np.concatenate((np.arange(waited, dtype=np.int64), self.index))
