"""Named sets of features. A model says which set it reads, and its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.features.clock import CLOCK, clock
from actors.patterns.features.cross import CROSS
from actors.patterns.features.single import OWN, QUOTED, Feature
from actors.patterns.features.window import Window
from projections.analytics.series import Doubles

LOOKBACK: Final = 64
"""Bars behind a row of features, its own among them: no feature remembers more."""


class UnknownFeatures(ValueError):
    """A feature set that this program does not have, or has otherwise."""


@dataclass(frozen=True)
class FeatureSet:
    """Features in a fixed order.

    Attributes:
        version: goes up whenever a feature comes out differently; a golden test holds it to that.
    """

    name: str
    version: int
    features: Mapping[str, Feature]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the features, in the order of a row."""
        return (*self.features, *CLOCK)

    @cached_property
    def digest(self) -> str:
        """BLAKE2b-128 of name, version, look-back and columns."""
        said = f"{self.name}/{self.version}/{LOOKBACK}/{','.join(self.columns)}"
        return blake2b(said.encode(), digest_size=16).hexdigest()

    def rows(self, windows: Doubles, ts_close: NDArray[np.int64]) -> Doubles:
        """A row for every moment and instrument.

        Args:
            windows: float64[7, n, k, LOOKBACK] by ``panel.COLUMNS``, oldest first, contiguous.
            ts_close: int64[n], when the newest bars closed.

        Returns:
            float64[n, k, len(columns)].
        """
        window = Window.of(windows)
        own = [feature(window) for feature in self.features.values()]
        moments, width = windows.shape[1:3]
        times = np.broadcast_to(clock(ts_close)[:, None, :], (moments, width, len(CLOCK)))
        return np.concatenate([np.stack(own, axis=-1), times], axis=-1)


FEATURE_SETS: Final[Mapping[str, FeatureSet]] = MappingProxyType(
    {
        each.name: each
        for each in (
            FeatureSet("bars", 1, {**OWN, **CROSS}),
            FeatureSet("quotes", 1, {**OWN, **CROSS, **QUOTED}),
        )
    }
)
"""``bars`` needs bars alone; ``quotes`` adds spread and order flow."""


def feature_set(name: str, digest: str | None = None) -> FeatureSet:
    """The set of that name.

    Raises:
        UnknownFeatures: there is none, or it is not the one that ``digest`` names.
    """
    found = FEATURE_SETS.get(name)
    if found is None:
        raise UnknownFeatures(f"features {name!r}: there are {', '.join(FEATURE_SETS)}")
    if digest not in (None, found.digest):
        raise UnknownFeatures(
            f"features {name!r}: wanted is {digest}, this program's are {found.digest}"
        )
    return found
