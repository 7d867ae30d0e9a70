"""Slower candles out of faster ones, for pictures of several intervals."""

import numpy as np

from actors.patterns.candles import Candles


def slower(candles: Candles, together: int) -> Candles:
    """Every ``together`` candles as one, counted back from the last; a rest at the start is left
    out.

    So the newest slow candle always ends with the newest fast one and is as long as the others: it
    is whole, where a candle on the clock's grid would still be open.
    """
    count = len(candles) // together
    part = candles[len(candles) - count * together :]
    shape = (count, together)
    return Candles(
        open=np.ascontiguousarray(part.open.reshape(shape)[:, 0]),
        high=part.high.reshape(shape).max(axis=1),
        low=part.low.reshape(shape).min(axis=1),
        close=np.ascontiguousarray(part.close.reshape(shape)[:, -1]),
        volume=part.volume.reshape(shape).sum(axis=1),
        ts_close=np.ascontiguousarray(part.ts_close.reshape(shape)[:, -1]),
    )
