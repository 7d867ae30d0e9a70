"""Two bar charts as places in an inline SVG: the distribution of trade returns, returns by day."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from runtime.report.bins import Bin
from runtime.report.data import DayReturn
from runtime.report.formats import percent

WIDTH: Final = 560
HEIGHT: Final = 220
DAYS_HEIGHT: Final = 150
DAYS_MAX: Final = 400
"""More days than this are thinner than a pixel; the months tell enough then."""

_BOTTOM: Final = 28
_TOP: Final = 8
_LABELS: Final = 6
_DAYS_WIDE: Final = 12
"""Few days are drawn as narrow as this many, so that a bar stays a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the picture."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A place on the axis and what it says."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A bar chart: ``base`` is where the bars stand, ``zero`` a place between loss and gain."""

    width: int
    height: int
    base: float
    zero: float | None
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]

    @property
    def labels_y(self) -> float:
        """Where the text of the labels stands."""
        return self.height - 8


def distribution(bins: Sequence[Bin]) -> Picture | None:
    """A histogram; ``None`` without values."""
    if not bins:
        return None
    low, high = bins[0].low, bins[-1].high
    base = float(HEIGHT - _BOTTOM)
    each = WIDTH / len(bins)
    tallest = max(found.count for found in bins)
    bars = [
        _bar(
            slot=(place * each, each),
            span=(base - (base - _TOP) * found.count / tallest, base),
            tone="loss" if found.low < 0 else "gain",
            title=f"{percent(found.low, 3)} to {percent(found.high, 3)}: {found.count}",
        )
        for place, found in enumerate(bins)
        if found.count
    ]
    zero = -low / (high - low)
    every = max(1, round(len(bins) / _LABELS))
    digits = max(0, -math.floor(math.log10(bins[0].width * 100)))
    edges = [*(found.low for found in bins), high]
    labels = [
        Label(WIDTH * (edge - low) / (high - low), percent(edge, digits))
        for place, edge in enumerate(edges)
        if (place - round(zero * len(bins))) % every == 0
    ]
    return Picture(WIDTH, HEIGHT, base, WIDTH * zero, tuple(bars), tuple(labels))


def by_day(days: Sequence[DayReturn]) -> Picture | None:
    """Gains upwards and losses downwards; ``None`` for a single day, or for too many."""
    if not 2 <= len(days) <= DAYS_MAX:
        return None
    highest = max(0.0, *(day.value for day in days))
    lowest = min(0.0, *(day.value for day in days))
    room = DAYS_HEIGHT - _BOTTOM - _TOP
    scale = room / ((highest - lowest) or 1.0)
    base = _TOP + highest * scale
    each = WIDTH / max(len(days), _DAYS_WIDE)
    bars = [
        _bar(
            slot=(place * each, each),
            span=(base - max(0.0, day.value) * scale, base - min(0.0, day.value) * scale),
            tone="gain" if day.value >= 0 else "loss",
            title=f"{_date(day.day)}: {percent(day.value, 3, sign=True)}",
        )
        for place, day in enumerate(days)
    ]
    every = max(1, round(len(days) / _LABELS))
    labels = [
        Label((place + 0.5) * each, f"{_date(day.day):%d %b}")
        for place, day in enumerate(days)
        if place % every == 0
    ]
    return Picture(WIDTH, DAYS_HEIGHT, base, None, tuple(bars), tuple(labels))


def _bar(*, slot: tuple[float, float], span: tuple[float, float], tone: str, title: str) -> Bar:
    left, width = slot
    top, bottom = span
    space = min(1.5, width / 8)
    return Bar(left + space, top, width - 2 * space, max(0.8, bottom - top), tone, title)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
