"""What followed each bar, as three classes and the span of time that decided it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Final, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from projections.analytics.series import Doubles
from schemas.pattern import Direction

UNKNOWN: Final = -1
"""The class of a bar whose outcome lies behind the end of the data."""


class Outcome(IntEnum):
    """What the price did; also the order of a model's direction head."""

    DOWN = 0
    FLAT = 1
    UP = 2


CALLED: Final[tuple[Direction, ...]] = ("short", "flat", "long")
"""What a recogniser calls each ``Outcome``, in its order."""


class LabelConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How outcomes are told.

    Attributes:
        method: ``triple_barrier`` asks which barrier is reached first, ``fixed_horizon`` where the
            price stands at the end.
        horizon: bars to look ahead.
        width: of the barriers, or of the band that counts as flat, in deviations of a return times
            the square root of the horizon.
        volatility_bars: returns behind that deviation.
    """

    method: Literal["triple_barrier", "fixed_horizon"] = "triple_barrier"
    horizon: Annotated[int, Meta(ge=1)] = 16
    width: Annotated[float, Meta(gt=0)] = 0.6
    volatility_bars: Annotated[int, Meta(ge=2)] = 32


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outcomes:
    """One a bar of one instrument.

    Attributes:
        outcome: int64[n], an ``Outcome`` or ``UNKNOWN``.
        end: int64[n], index of the last bar that the outcome, or the volatility, looked at.
        reached: float64[n], bars until a barrier was reached as a share of the horizon, 0 to 1.
        volatility: float64[n], log of the deviation of returns over the horizon; NaN if unknown.
    """

    outcome: NDArray[np.int64]
    end: NDArray[np.int64]
    reached: Doubles
    volatility: Doubles


def outcomes(close: Doubles, config: LabelConfig) -> Outcomes:
    """What followed each bar, by closes.

    Triple barriers are those of López de Prado (2018), "Advances in Financial Machine Learning",
    chapter 3: two prices at a distance that the volatility before the bar decides, and a time.
    Closes alone are looked at, since of a bar that reached both prices nobody knows which came
    first.

    Args:
        close: float64[n], above zero.
    """
    logs = np.log(close)
    ahead = _ahead(logs, config.horizon)
    moves = ahead[:, 1:] - logs[:, None]
    barrier = config.width * np.sqrt(config.horizon) * _deviation_before(logs, config)
    reached, outcome = _reached(moves, barrier, config)
    with np.errstate(invalid="ignore", divide="ignore"):
        after = np.sqrt((np.diff(ahead, axis=1) ** 2).mean(axis=1))
        volatility = np.log(np.maximum(after, 1e-7))
    known = np.isfinite(volatility) & np.isfinite(barrier) & (barrier > 0)
    last = np.minimum(np.arange(len(close)) + config.horizon, len(close) - 1)
    return Outcomes(
        outcome=np.where(known, outcome, UNKNOWN),
        end=last,
        reached=reached / config.horizon,
        volatility=np.where(known, volatility, np.nan),
    )


def _ahead(logs: Doubles, horizon: int) -> Doubles:
    """float64[n, horizon + 1]: each bar and those after it; NaN behind the end."""
    padded = np.concatenate((logs, np.full(horizon, np.nan)))
    return np.lib.stride_tricks.sliding_window_view(padded, horizon + 1)


def _deviation_before(logs: Doubles, config: LabelConfig) -> Doubles:
    """Of the returns up to each bar; NaN where there are too few."""
    returns = np.concatenate((np.full(config.volatility_bars, np.nan), np.diff(logs)))
    windows = np.lib.stride_tricks.sliding_window_view(returns, config.volatility_bars)
    return np.asarray(np.std(windows, axis=1))


def _reached(
    moves: Doubles, barrier: Doubles, config: LabelConfig
) -> tuple[Doubles, NDArray[np.int64]]:
    """Bars until the first barrier, at most the horizon, and which one it was."""
    if config.method == "fixed_horizon":
        final = moves[:, -1]
        beyond = np.abs(final) >= barrier
        side = np.where(final > 0, Outcome.UP, Outcome.DOWN)
        return np.full(len(moves), float(config.horizon)), np.where(beyond, side, Outcome.FLAT)
    beyond = np.abs(moves) >= barrier[:, None]
    first = np.where(beyond.any(axis=1), beyond.argmax(axis=1), config.horizon - 1)
    move = np.take_along_axis(moves, first[:, None], axis=1)[:, 0]
    side = np.where(move > 0, Outcome.UP, Outcome.DOWN)
    outcome = np.where(beyond.any(axis=1), side, Outcome.FLAT)
    return first + 1.0, outcome
