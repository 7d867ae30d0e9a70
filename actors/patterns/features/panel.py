"""Bars of several instruments on one time axis, which is what features are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from projections.analytics.series import Doubles

COLUMNS: Final = ("open", "high", "low", "close", "volume", "spread", "flow")
"""What a panel holds of every bar, in the order of its first axis."""

PRICES: Final = 4
"""How many of the columns, from the first on, are prices."""


class UnfitPanel(ValueError):
    """Instruments that cannot be put side by side."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Panel:
    """Closed bars of ``n`` moments and ``k`` instruments.

    An instrument without a bar at a moment stands still there: its last close, no range, no volume.
    Before its first bar it stands at the close of that bar, and is not ``started``.

    Attributes:
        instruments: their ids, in the order of the last axis.
        ts_close: int64[n], ascending UTC nanoseconds.
        values: float64[7, n, k], by ``COLUMNS``. ``spread`` is the mean of ask less bid over the
            bar, in price units; ``flow`` is the signed share of its trades or mid moves, -1 to 1;
            both are zero where no ticks are.
        present: bool[n, k], whether there was a bar; started: whether there had been one by then.
    """

    instruments: tuple[str, ...]
    ts_close: NDArray[np.int64]
    values: Doubles
    present: NDArray[np.bool_]
    started: NDArray[np.bool_]

    def __post_init__(self) -> None:
        moments, width = len(self.ts_close), len(self.instruments)
        if self.values.shape != (len(COLUMNS), moments, width):
            raise UnfitPanel(f"values: shape {self.values.shape}, not (7, {moments}, {width})")
        for name in ("present", "started"):
            shape = getattr(self, name).shape
            if shape != (moments, width):
                raise UnfitPanel(f"{name}: shape {shape}, not ({moments}, {width})")

    def __len__(self) -> int:
        return len(self.ts_close)

    def __getitem__(self, stretch: slice) -> "Panel":
        return Panel(
            instruments=self.instruments,
            ts_close=self.ts_close[stretch],
            values=self.values[:, stretch],
            present=self.present[stretch],
            started=self.started[stretch],
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Observed:
    """One instrument's bars with what its ticks say besides.

    Attributes:
        spread, flow: float64[n], as in ``Panel``; ``None`` where there are no ticks.
    """

    candles: Candles
    spread: Doubles | None = None
    flow: Doubles | None = None


def panel_of(observed: Mapping[str, Observed]) -> Panel:
    """Instruments side by side, at every moment at which one of them closed a bar.

    Raises:
        UnfitPanel: there is no instrument, or one without a bar.
    """
    empty = [name for name, each in observed.items() if not len(each.candles)]
    if empty or not observed:
        raise UnfitPanel(f"{', '.join(empty) or 'no instrument'}: no closed bar")
    times = next(iter(observed.values())).candles.ts_close
    if all(np.array_equal(each.candles.ts_close, times) for each in observed.values()):
        return _aligned(observed, times)
    times = np.unique(np.concatenate([each.candles.ts_close for each in observed.values()]))
    values = np.zeros((len(COLUMNS), len(times), len(observed)))
    present = np.zeros((len(times), len(observed)), dtype=np.bool_)
    for place, each in enumerate(observed.values()):
        values[:, :, place], present[:, place] = _placed(each, times)
    return Panel(
        instruments=tuple(observed),
        ts_close=times,
        values=values,
        present=present,
        started=np.logical_or.accumulate(present, axis=0),
    )


def _aligned(observed: Mapping[str, Observed], times: NDArray[np.int64]) -> Panel:
    """Instruments that closed every bar together, which is most of them most of the time."""
    values = np.zeros((len(COLUMNS), len(times), len(observed)))
    for row, name in zip(values, COLUMNS, strict=True):
        for place, each in enumerate(observed.values()):
            column = getattr(each if name in ("spread", "flow") else each.candles, name)
            if column is not None:
                row[:, place] = column
    everywhere = np.ones((len(times), len(observed)), dtype=np.bool_)
    return Panel(
        instruments=tuple(observed),
        ts_close=times,
        values=values,
        present=everywhere,
        started=everywhere,
    )


def _placed(observed: Observed, times: NDArray[np.int64]) -> tuple[Doubles, NDArray[np.bool_]]:
    candles = observed.candles
    last = np.searchsorted(candles.ts_close, times, side="right") - 1
    here = np.maximum(last, 0)
    present = (last >= 0) & (candles.ts_close[here] == times)
    still = candles.close[here]
    prices = (candles.open, candles.high, candles.low, candles.close)
    columns = [np.where(present, column[here], still) for column in prices]
    columns += [
        np.zeros(len(times)) if column is None else column[here] * present
        for column in (candles.volume, observed.spread, observed.flow)
    ]
    return np.stack(columns), present
