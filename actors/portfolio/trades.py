"""Trades that were booked already: the last line against counting a fill twice.

The sequencer drops an input whose business key it has seen. A position is money, so its folds do
not rely on it: they remember the newest trades and let a repeated one pass without effect. The
memory is bounded, because a frozen state is copied with every fill; it is cut back seldom, because
a mapping that lost a key is copied key by key.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from schemas.order import OrderFilled

MEMORY: Final = 256
"""At least so many trades are remembered; repeats come within a few events of the original."""

type Booked = Mapping[tuple[str, str], None]
"""(instrument, trade id), oldest first; a mapping, so that looking one up does not compare all."""


def is_booked(booked: Booked, fill: OrderFilled) -> bool:
    """Whether the trade was counted before."""
    return (fill.instrument, fill.trade_id) in booked


def with_trade(booked: Booked, fill: OrderFilled) -> Booked:
    """The memory with one more trade."""
    after = {**booked, (fill.instrument, fill.trade_id): None}
    if len(after) == 2 * MEMORY:
        return dict(islice(after.items(), MEMORY, None))
    return after
