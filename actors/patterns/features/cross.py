"""What an instrument's bars say beside those of its peers, who are all others of the panel."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from actors.patterns.features.rolling import correlation, last, share, slope
from actors.patterns.features.single import LIMIT, Feature
from actors.patterns.features.window import Window
from projections.analytics.series import Doubles

_BARS: Final = 48


def _relative_strength(bars: int, window: Window) -> Doubles:
    """How much further it went than its peers' mean, in deviations of its own move."""
    gap = window.returns[..., -bars:].sum(axis=-1) - window.peers[..., -bars:].sum(axis=-1)
    alone = window.returns.shape[-2] == 1
    scale = window.deviation * float(np.sqrt(bars))
    return np.zeros_like(gap) if alone else np.clip(share(gap, scale), -LIMIT, LIMIT)


def _correlation(window: Window) -> Doubles:
    return correlation(last(window.returns, _BARS), last(window.peers, _BARS))


def _beta(window: Window) -> Doubles:
    return np.clip(slope(last(window.returns, _BARS), last(window.peers, _BARS)), -LIMIT, LIMIT)


def _peers_lead(window: Window) -> Doubles:
    """Correlation of its return with what its peers did a bar earlier."""
    earlier = np.ascontiguousarray(window.peers[..., -_BARS - 1 : -1])
    return correlation(last(window.returns, _BARS), earlier)


def _peers_follow(window: Window) -> Doubles:
    """Correlation of its peers' return with what it did a bar earlier."""
    earlier = np.ascontiguousarray(window.returns[..., -_BARS - 1 : -1])
    return correlation(last(window.peers, _BARS), earlier)


CROSS: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "relative_strength_4": partial(_relative_strength, 4),
        "relative_strength_16": partial(_relative_strength, 16),
        "correlation_48": _correlation,
        "beta_48": _beta,
        "peers_lead_48": _peers_lead,
        "peers_follow_48": _peers_follow,
    }
)
"""Features across instruments, by name; zero for an instrument alone."""
