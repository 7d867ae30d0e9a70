"""Purged and embargoed walk-forward splits: a model is judged on what came after all it learned.

López de Prado (2018), "Advances in Financial Machine Learning", chapter 7: a label looks ahead, so
a sample before the test whose label ends inside it has seen it, and is purged; what ends shortly
before it is still like it, and is embargoed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

type Places = NDArray[np.intp]


class SplitConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How samples are split in time.

    Attributes:
        folds: tests, one after the other; the samples before the first are as many as a test.
        embargo: samples' times (after any stride) between the end of what is learned and the test.
        validation: share of what comes before a test that is kept to stop early and to calibrate;
            it lies at the end, purged and embargoed in turn.
    """

    folds: Annotated[int, Meta(ge=1)] = 5
    embargo: Annotated[int, Meta(ge=0)] = 16
    validation: Annotated[float, Meta(gt=0, lt=1)] = 0.2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fold:
    """Indices of samples, ascending: learned from, stopped and calibrated by, judged on."""

    train: Places
    validation: Places
    test: Places


class TooFewSamples(ValueError):
    """A split would leave a part without samples."""


def walk_forward(
    start: NDArray[np.int64], end: NDArray[np.int64], config: SplitConfig
) -> Iterator[Fold]:
    """Folds whose test is later each time; every one learns from all that came before it.

    Args:
        start: int64[n], ascending: the time of each sample (instruments side by side share it).
        end: int64[n]: the last time its label looked at; not before ``start``.

    Raises:
        TooFewSamples: a part of a fold would be empty.
    """
    times = np.unique(start)
    edges = np.linspace(0, len(times), config.folds + 2).astype(int)
    for first, behind in pairwise(edges[1:]):
        test = np.flatnonzero((start >= times[first]) & (start <= times[behind - 1]))
        known = _before(times, int(first), start, end, config.embargo)
        yield _with_validation(known, test, start, end, config)


def final_split(start: NDArray[np.int64], end: NDArray[np.int64], config: SplitConfig) -> Fold:
    """All samples for the model that is kept: its validation is the end, and there is no test.

    Raises:
        TooFewSamples: a part would be empty.
    """
    everything = np.arange(len(start))
    return _with_validation(everything, everything[:0], start, end, config)


def _with_validation(
    known: Places,
    test: Places,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    config: SplitConfig,
) -> Fold:
    times = np.unique(start[known])
    first = int(len(times) * (1 - config.validation))
    if not 0 < first < len(times):
        raise TooFewSamples(f"{len(times)} times to learn from are too few to split")
    validation = known[start[known] >= times[first]]
    train = np.intersect1d(known, _before(times, first, start, end, config.embargo))
    if not len(train):
        raise TooFewSamples(
            f"nothing is left to learn from: {len(known)} samples, purged and embargoed by "
            f"{config.embargo} times"
        )
    return Fold(train=train, validation=validation, test=test)


def _before(
    times: NDArray[np.int64],
    first: int,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    embargo: int,
) -> Places:
    """Samples whose spans end before ``times[first]``, and before the embargo that precedes it."""
    quiet = times[max(first - embargo, 0)]
    return np.flatnonzero((start < quiet) & (end < quiet))
