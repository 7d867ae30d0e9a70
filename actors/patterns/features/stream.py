"""The same rows as bars close, one moment at a time."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.features.feature_set import LOOKBACK, FeatureSet
from actors.patterns.features.panel import COLUMNS, PRICES
from projections.analytics.series import Doubles
from schemas.quantities import Nanoseconds

_CLOSE: Final = COLUMNS.index("close")


class FeatureStream:
    """Keeps the newest bars of instruments and the newest rows of their features.

    Equal to ``feature_rows`` bit for bit, whenever the stream began: no feature remembers more than
    ``LOOKBACK`` bars.

    Attributes:
        context: rows that are kept for a model.
    """

    def __init__(self, features: FeatureSet, instruments: Sequence[str], context: int) -> None:
        self.features: Final = features
        self.instruments: Final = tuple(instruments)
        self.context: Final = context
        width = len(self.instruments)
        self._bars: Final = np.zeros((len(COLUMNS), width, LOOKBACK))
        self._rows: Final = np.zeros((width, context, len(features.columns)))
        self._age: Final = np.zeros(width, dtype=np.int64)
        self._ts: Nanoseconds = 0

    @property
    def ready(self) -> NDArray[np.bool_]:
        """bool[k]: whether an instrument's first bar lies behind all that its rows rest on."""
        return self._age >= LOOKBACK + self.context - 1

    @property
    def rows(self) -> Doubles:
        """float64[k, context, columns], oldest first; what is not ``ready`` means nothing."""
        return self._rows.copy()

    def close(self, ts: Nanoseconds, bars: Mapping[str, Sequence[float]]) -> None:
        """A moment at which some of the instruments closed a bar.

        Args:
            bars: values by ``COLUMNS`` of those that did; the others stand still.

        Raises:
            ValueError: time went back.
        """
        if ts <= self._ts:
            raise ValueError(f"a bar that closed at {ts} comes after one that closed at {self._ts}")
        self._ts = ts
        self._age[self._age > 0] += 1
        newest = np.zeros((len(COLUMNS), len(self.instruments)))
        newest[:PRICES] = self._bars[_CLOSE, :, -1]
        for place, name in enumerate(self.instruments):
            values = bars.get(name)
            if values is not None:
                newest[:, place] = values
                self._begin(place, newest[_CLOSE, place])
        self._bars[..., :-1] = self._bars[..., 1:]
        self._bars[..., -1] = newest
        self._append(ts)

    def _begin(self, place: int, close: float) -> None:
        if self._age[place] == 0:
            self._bars[:PRICES, place] = close
            self._age[place] = 1

    def _append(self, ts: Nanoseconds) -> None:
        # An instrument that has said nothing has no price; any will do, as it stands still.
        bars = self._bars.copy()
        bars[:PRICES, self._age == 0] = 1.0
        row = self.features.rows(bars[:, None], np.array([ts], dtype=np.int64))
        self._rows[:, :-1] = self._rows[:, 1:]
        self._rows[:, -1] = row[0]
