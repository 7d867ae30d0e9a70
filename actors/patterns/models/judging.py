"""The port of a loaded model: panels in, calibrated judgements out. Nothing here needs torch."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from actors.patterns.models.card import Card

type Singles = NDArray[np.float32]


class OutOfMemory(MemoryError):
    """The device cannot hold a batch; a smaller one may fit."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Panels:
    """What a model reads: ``g`` panels of ``n`` instruments.

    Attributes:
        charts: uint8[g, n, height, width]; features: float32[g, n, context, columns].
        present: bool[g, n], at least one a panel; the answers of the absent mean nothing.
    """

    charts: NDArray[np.uint8]
    features: Singles
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Judgements:
    """What a model says, calibrated.

    Attributes:
        direction: float32[g, n, 3], probabilities of down, flat, up.
        reached: float32[g, n], share of the horizon until a barrier is reached, 0 to 1.
        volatility: float32[g, n], log deviation of returns over the horizon.
        pattern: float32[g, n, patterns], probabilities.
    """

    direction: Singles
    reached: Singles
    volatility: Singles
    pattern: Singles


class Model(Protocol):
    """A model that is ready to judge. The same panels give the same answers."""

    @property
    def card(self) -> Card:
        """What it is."""
        ...

    def judge(self, panels: Panels) -> Judgements:
        """Judge panels.

        Raises:
            OutOfMemory: the device cannot hold so many at once.
        """
        ...


def fitting(panels: Panels, card: Card) -> Panels:
    """The panels, once their shapes are those that the model reads.

    Raises:
        ValueError: they are not.
    """
    architecture = card.architecture
    outer = panels.present.shape
    charts = (*outer, *architecture.chart_shape)
    features = (*outer, architecture.context, architecture.columns)
    if panels.charts.shape != charts or panels.features.shape != features:
        raise ValueError(
            f"model {card.name} reads charts {charts} and features {features}, not"
            f" {panels.charts.shape} and {panels.features.shape}"
        )
    return panels
