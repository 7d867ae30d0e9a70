"""Closed bars as columns of doubles: what pictures are drawn from, and rules are tried on."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from projections.analytics.series import Doubles
from schemas.market import Bar


class UnfitBars(ValueError):
    """Bars that no picture can be drawn from, with the first one at fault."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Candles:
    """Bars of one instrument and interval, oldest first; all columns are equally long.

    Time between two bars is not looked at: the next bar is the next candle, over a weekend too.

    Attributes:
        open, high, low, close: float64[n] in the quote currency.
        volume: float64[n] in units; zero where nobody counts it.
        ts_close: int64[n], UTC nanoseconds at which each bar became known.

    Raises:
        UnfitBars: a column has another length, a number is not finite, a price is outside its bar's
            high and low, a volume is negative, or times do not ascend.
    """

    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles
    ts_close: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("open", "high", "low", "close", "volume"):
            column = getattr(self, name)
            if column.shape != self.ts_close.shape or column.ndim != 1:
                raise UnfitBars(f"{name}: shape {column.shape} beside {len(self)} times of close")
        if not self._are_fit():
            self._complain()

    def __len__(self) -> int:
        return len(self.ts_close)

    def __getitem__(self, stretch: slice) -> "Candles":
        return Candles(
            open=self.open[stretch],
            high=self.high[stretch],
            low=self.low[stretch],
            close=self.close[stretch],
            volume=self.volume[stretch],
            ts_close=self.ts_close[stretch],
        )

    def _are_fit(self) -> bool:
        """Whether all is as it should be, in few looks; a comparison with no number is false."""
        inside = self.high >= np.maximum(self.open, self.close)
        inside &= self.low <= np.minimum(self.open, self.close)
        inside &= (self.high < np.inf) & (self.low > -np.inf)
        inside &= (self.volume >= 0) & (self.volume < np.inf)
        return bool(inside.all() and (self.ts_close[1:] > self.ts_close[:-1]).all())

    def _complain(self) -> None:
        """Name the first bar that is at fault."""
        for name in ("open", "high", "low", "close", "volume"):
            _refuse(f"{name} is not a finite number", ~np.isfinite(getattr(self, name)))
        top, bottom = np.maximum(self.open, self.close), np.minimum(self.open, self.close)
        _refuse("high is below open, close or low", self.high < np.maximum(top, self.low))
        _refuse("low is above open or close", self.low > bottom)
        _refuse("volume is negative", self.volume < 0)
        _refuse("the bar after it closed no later", np.diff(self.ts_close) <= 0)

    def digest(self) -> str:
        """BLAKE2b-128 of all columns: names what a recogniser was given."""
        state = blake2b(digest_size=16)
        for column in (self.ts_close, self.open, self.high, self.low, self.close, self.volume):
            state.update(np.ascontiguousarray(column).tobytes())
        return state.hexdigest()


def candles_of(bars: Sequence[Bar]) -> Candles:
    """The columns of bars of one instrument and interval, oldest first.

    Raises:
        UnfitBars: as ``Candles``.
    """
    rows = [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in bars]
    columns = np.array(rows, dtype=np.float64).reshape(len(bars), 5).T
    return Candles(
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=columns[3],
        volume=columns[4],
        ts_close=np.array([bar.ts_close for bar in bars], dtype=np.int64),
    )


def _refuse(reason: str, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        raise UnfitBars(f"bar {int(np.argmax(wrong))}: {reason}")
