"""Prices that walk at random, from a seed: for what must hold of any prices."""

import numpy as np

from actors.patterns.candles import Candles
from actors.patterns.features.panel import Observed, Panel, panel_of

MINUTE = 60_000_000_000
START_NS = 1_399_507_200_000_000_000
"""2014-05-08 00:00:00 UTC."""


def walked(seed: int, bars: int, *, every: int = 1, price: float = 100.0) -> Candles:
    """A walk of minutes, of which only every so many-th has a bar; some of them stand still."""
    chance = np.random.default_rng(seed)
    steps = chance.normal(0, 1e-3, bars) * (chance.random(bars) > 0.1)
    close = price * np.exp(np.cumsum(steps))
    opened = np.concatenate(([price], close[:-1]))
    reach = np.abs(chance.normal(0, 5e-4, (2, bars))) * close
    return Candles(
        open=opened,
        high=np.maximum(opened, close) + reach[0],
        low=np.minimum(opened, close) - reach[1],
        close=close,
        volume=np.floor(chance.exponential(100, bars)),
        ts_close=START_NS + MINUTE * every * np.arange(1, bars + 1, dtype=np.int64),
    )


def observed(seed: int, bars: int, *, every: int = 1) -> Observed:
    """A walk with spreads and order flow."""
    chance = np.random.default_rng(seed + 1_000)
    return Observed(
        candles=walked(seed, bars, every=every),
        spread=chance.exponential(0.01, bars),
        flow=chance.uniform(-1, 1, bars),
    )


def panel(seed: int, bars: int, instruments: int) -> Panel:
    """Instruments that close bars every minute, every second minute, and so on, up to three."""
    return panel_of(
        {
            f"I{place}.TEST": observed(seed + place, bars, every=1 + place % 3)
            for place in range(instruments)
        }
    )
