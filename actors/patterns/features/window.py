"""The newest bars of every instrument, as features look at them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from actors.patterns.features.panel import COLUMNS
from actors.patterns.features.rolling import deviation, share
from projections.analytics.series import Doubles

VOLATILITY_BARS = 32
"""Returns behind the deviation that other features are measured in."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Window:
    """Windows of ``w`` bars that end at ``n`` moments, of ``k`` instruments; oldest first.

    Attributes:
        open, high, low, close, volume, spread, flow: float64[n, k, w], contiguous.
        returns: float64[n, k, w - 1], of log closes.
        deviation: float64[n, k], of the newest returns; zero where the price stood still.
        peers: float64[n, k, w - 1], the mean return of the instrument's peers, zero without any.
    """

    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles
    spread: Doubles
    flow: Doubles
    returns: Doubles
    deviation: Doubles
    peers: Doubles

    @classmethod
    def of(cls, values: Doubles) -> Self:
        """From float64[7, n, k, w], by ``COLUMNS``, contiguous and with prices above zero."""
        columns = dict(zip(COLUMNS, values, strict=True))
        logs = np.log(columns["close"])
        returns = np.ascontiguousarray(logs[..., 1:] - logs[..., :-1])
        others = returns.shape[-2] - 1
        total = returns.sum(axis=-2, keepdims=True)
        peers = (total - returns) / others if others else np.zeros_like(returns)
        return cls(
            **columns,
            returns=returns,
            deviation=deviation(returns, VOLATILITY_BARS),
            peers=np.ascontiguousarray(peers),
        )

    def moved(self, bars: int) -> Doubles:
        """Log return over the newest bars, in deviations of a move that long."""
        change = self.returns[..., -bars:].sum(axis=-1)
        return share(change, self.deviation * float(np.sqrt(bars)))
