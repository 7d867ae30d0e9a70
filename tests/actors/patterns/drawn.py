"""Candles for tests: real ones from the samples, and a few written down as prices."""

from collections.abc import Sequence

import numpy as np

from actors.patterns.candles import Candles, candles_of
from tests.actors.strategies import real_bars

MINUTE_NS = real_bars.MINUTE_NS

EURUSD = candles_of(real_bars.eurusd())
SPY = candles_of(real_bars.spy())


def candles(
    rows: Sequence[tuple[float, float, float, float]], volume: Sequence[float] | None = None
) -> Candles:
    """Minute candles of (open, high, low, close), without volume unless it is given."""
    prices = np.array(rows, dtype=np.float64).reshape(len(rows), 4)
    counted = np.zeros(len(rows)) if volume is None else np.array(volume, dtype=np.float64)
    return Candles(
        open=prices[:, 0],
        high=prices[:, 1],
        low=prices[:, 2],
        close=prices[:, 3],
        volume=counted,
        ts_close=np.arange(1, len(rows) + 1, dtype=np.int64) * MINUTE_NS,
    )


def scaled(given: Candles, factor: float, volume_factor: float = 1.0) -> Candles:
    """The same market quoted in another unit."""
    return Candles(
        open=given.open * factor,
        high=given.high * factor,
        low=given.low * factor,
        close=given.close * factor,
        volume=given.volume * volume_factor,
        ts_close=given.ts_close,
    )
