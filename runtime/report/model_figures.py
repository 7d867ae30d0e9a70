"""How good a model is, as places in inline SVGs: reliability, confusion, judges."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from actors.patterns.models.calibration import CurvePoint
from actors.patterns.models.card import CLASSES, Measured

SIDE: Final = 360
"""Of the reliability diagram, in the units of the picture."""

_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 12, 14, 40
_STEP: Final = 0.1
_DOT_MIN, _DOT_MAX = 3.0, 9.0

_ROW: Final = 30
JUDGES_WIDTH: Final = 860
_NAMES_WIDE: Final = 110
_FIGURES_WIDE: Final = 140


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured figure: where it stands, and how far its standard error reaches."""

    x: float
    y: float
    low: float
    high: float
    radius: float
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was said against what came, on equal axes; honest answers stand on the diagonal.

    Attributes:
        first, last: both ends of the axes, in the units of the picture: along x, and up y.
        along, up: ticks of the two axes.
    """

    first: tuple[float, float]
    last: tuple[float, float]
    dots: tuple[Dot, ...]
    along: tuple[Tick, ...]
    up: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Outcomes that came one way and were answered one way."""

    count: int
    share: float
    """Of all that came that way."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Who gained how much over the majority's log-loss."""

    name: str
    dot: Dot
    tone: str


@dataclass(frozen=True, slots=True)
class Judges:
    """Gains side by side; ``zero`` is where the majority stands."""

    height: int
    zero: float
    rows: tuple[Judge, ...]


def reliability(curve: Sequence[CurvePoint]) -> Reliability | None:
    """The diagram; ``None`` without answers."""
    answered = [point for point in curve if point.count]
    if not answered:
        return None
    errors = [math.sqrt(p.accuracy * (1 - p.accuracy) / p.count) for p in answered]
    reached = [p.confidence for p in answered]
    for point, error in zip(answered, errors, strict=True):
        reached += [max(0.0, point.accuracy - error), min(1.0, point.accuracy + error)]
    low = math.floor(min(*reached, 1 - _STEP) / _STEP) * _STEP
    high = max(math.ceil(max(reached) / _STEP) * _STEP, low + _STEP)
    room_x, room_y = SIDE - _LEFT - _RIGHT, SIDE - _TOP - _BOTTOM

    def x(value: float) -> float:
        return _LEFT + room_x * (value - low) / (high - low)

    def y(value: float) -> float:
        return _TOP + room_y * (high - value) / (high - low)

    most = max(point.count for point in answered)
    dots = tuple(
        Dot(
            x=x(point.confidence),
            y=y(point.accuracy),
            low=y(max(low, point.accuracy - error)),
            high=y(min(high, point.accuracy + error)),
            radius=_DOT_MIN + (_DOT_MAX - _DOT_MIN) * math.sqrt(point.count / most),
            title=f"said {point.confidence:.1%}, right {point.accuracy:.1%} ± {error:.1%}"
            f" of {point.count:,}",
        )
        for point, error in zip(answered, errors, strict=True)
    )
    marks = [low + _STEP * number for number in range(round((high - low) / _STEP) + 1)]
    return Reliability(
        first=(x(low), y(low)),
        last=(x(high), y(high)),
        dots=dots,
        along=tuple(Tick(x(mark), f"{mark:.0%}") for mark in marks),
        up=tuple(Tick(y(mark), f"{mark:.0%}") for mark in marks),
    )


def confusion(counts: Sequence[Sequence[int]]) -> list[tuple[str, list[Cell]]]:
    """What came, and what was said of it: a row an outcome, a cell an answer."""
    return [
        (name, [Cell(count, count / (sum(row) or 1)) for count in row])
        for name, row in zip(CLASSES, counts, strict=False)
    ]


def judges(metrics: Mapping[str, Mapping[str, Measured]]) -> Judges | None:
    """Gains over the majority with their standard errors; ``None`` where nobody was judged."""
    gains = {name: each["gain"] for name, each in metrics.items() if "gain" in each}
    if not gains:
        return None
    low = min(0.0, *(each.mean - each.error for each in gains.values()))
    high = max(0.0, *(each.mean + each.error for each in gains.values()))
    room = JUDGES_WIDTH - _NAMES_WIDE - _FIGURES_WIDE - 2 * _RIGHT

    def x(value: float) -> float:
        return _NAMES_WIDE + _RIGHT + room * (value - low) / ((high - low) or 1.0)

    rows = tuple(
        Judge(
            name=name,
            dot=Dot(
                x=x(each.mean),
                y=_ROW * (place + 0.5),
                low=x(each.mean - each.error),
                high=x(each.mean + each.error),
                radius=5.0,
                title=f"{each.mean:+.4f} ± {each.error:.4f}",
            ),
            tone=_tone(each),
        )
        for place, (name, each) in enumerate(gains.items())
    )
    return Judges(height=_ROW * len(rows), zero=x(0.0), rows=rows)


def _tone(gain: Measured) -> str:
    """Whether it is a gain or a loss by two standard errors; else neither."""
    if abs(gain.mean) <= 2 * gain.error:
        return "open"
    return "gain" if gain.mean > 0 else "loss"
