"""Bars into examples: features, pictures and what followed, side by side."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from actors.patterns.charts.grey import LAYOUTS, grey_charts
from actors.patterns.features.bulk import feature_rows
from actors.patterns.features.feature_set import feature_set
from actors.patterns.features.panel import Observed, Panel, panel_of
from actors.patterns.labels.breakouts import breakouts
from actors.patterns.labels.outcomes import UNKNOWN, outcomes
from actors.patterns.models.architecture import CHART_BARS
from actors.patterns.models.examples import Examples
from runtime.training.config import TrainingConfig
from runtime.training.teaching import Lessons, NothingSaid
from schemas.errors import UserError

_HISTORY = LAYOUTS[CHART_BARS].history


class NothingToLearn(UserError):
    """The data are too short: no bar has its look-back before it and its horizon after it."""


def examples_of(
    observed: Mapping[str, Observed], config: TrainingConfig, lessons: Lessons | None = None
) -> Examples:
    """Samples at moments at which an instrument closed a bar and is known well enough: at every
    ``stride``-th, and wherever a teacher spoke.

    Raises:
        NothingToLearn: there are none.
        NothingSaid: the teacher spoke about none of them.
    """
    panel = panel_of(observed)
    rows = feature_rows(feature_set(config.features), panel).astype(np.float32)
    usable = _usable(panel, rows, config.network.context)
    labels = [_labelled(panel, each.candles.ts_close, each, config) for each in observed.values()]
    direction, end, reached, volatility, pattern = (
        np.stack(column, axis=1) for column in zip(*labels, strict=True)
    )
    known = usable & (direction != UNKNOWN)
    taught = lessons.taught(tuple(observed), panel.ts_close) if lessons else None
    moments = np.flatnonzero(known.any(axis=1))[:: config.stride]
    if lessons and taught:
        spoken = np.flatnonzero((known & taught.spoke).any(axis=1))
        if not len(spoken):
            raise NothingSaid(
                f"training {config.name}: {lessons.config.recogniser} said nothing in run"
                f" {lessons.run} about a bar that is learned from"
            )
        moments = np.union1d(moments, spoken)
    if not len(moments):
        raise NothingToLearn(
            f"training {config.name}: {len(panel):,} moments of {len(observed)} instruments hold no"
            f" bar with {_HISTORY + config.network.context} bars before and"
            f" {config.labels.horizon} after it"
        )
    charts = [
        _charts(panel.ts_close[moments], each, usable[moments, place])
        for place, each in enumerate(observed.values())
    ]
    return Examples(
        rows=rows,
        moments=moments,
        charts=np.stack(charts, axis=1),
        usable=usable[moments],
        direction=direction[moments],
        reached=reached[moments].astype(np.float32),
        volatility=volatility[moments].astype(np.float32),
        pattern=pattern[moments],
        start=panel.ts_close[moments],
        end=np.where(known, end, panel.ts_close[:, None]).max(axis=1)[moments],
        taught=replace(taught, said=taught.said[moments]) if taught else None,
    )


def _usable(panel: Panel, rows: NDArray[np.float32], context: int) -> NDArray[np.bool_]:
    """bool[m, k]: a bar closed, and every row that a model reads of it is known."""
    finite = np.isfinite(rows).all(axis=2)
    earliest = np.zeros_like(finite)
    earliest[context - 1 :] = finite[: len(finite) - context + 1]
    charted = np.cumsum(panel.present, axis=0) >= _HISTORY
    return np.asarray(panel.present & earliest & charted)


def _labelled(
    panel: Panel, times: NDArray[np.int64], observed: Observed, config: TrainingConfig
) -> tuple[NDArray[np.int64 | np.float64], ...]:
    """Direction, end, reached, volatility and pattern at each of the panel's moments."""
    candles = observed.candles
    found = outcomes(candles.close, config.labels)
    place = np.maximum(np.searchsorted(times, panel.ts_close, side="right") - 1, 0)
    here = times[place] == panel.ts_close
    return (
        np.where(here, found.outcome[place], UNKNOWN),
        times[found.end[place]],
        found.reached[place],
        found.volatility[place],
        breakouts(candles.high, candles.low, candles.close)[place],
    )


def _charts(
    moments: NDArray[np.int64], observed: Observed, usable: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    layout = LAYOUTS[CHART_BARS]
    charts = np.zeros((len(moments), layout.height, layout.width), dtype=np.uint8)
    ends = np.searchsorted(observed.candles.ts_close, moments[usable])
    charts[usable] = grey_charts(observed.candles, CHART_BARS, ends)
    return charts
