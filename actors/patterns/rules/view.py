"""Bars as a rule looks at them: always in search of a rise.

A rule is written once, for the pattern that announces a rise. Its counterpart is the same rule over
the bars turned upside down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, Self

import numpy as np

from actors.patterns.candles import Candles
from projections.analytics.series import Doubles

TYPICAL_BARS: Final = 20
PATTERN_BARS: Final = 3
"""The longest candlestick pattern: its bars do not take part in what is typical."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """A turn of the price: ``bar`` is its place in the view, ``price`` its high or low."""

    kind: Literal["high", "low"]
    bar: int
    price: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class View:
    """Bars, oldest first, with what rules ask of them.

    Attributes:
        open, high, low, close: float64[n].
        typical: mean range of the bars just before the last three; above zero.
        pivots: turns, oldest first; highs and lows alternate.
    """

    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    typical: float
    pivots: tuple[Pivot, ...] = field(default=())

    @classmethod
    def of(cls, candles: Candles, pivot_bars: int) -> Self:
        """The bars as they are; more than ``TYPICAL_BARS + PATTERN_BARS`` of them."""
        recent = slice(-TYPICAL_BARS - PATTERN_BARS, -PATTERN_BARS)
        return cls(
            open=candles.open,
            high=candles.high,
            low=candles.low,
            close=candles.close,
            typical=float((candles.high[recent] - candles.low[recent]).mean()),
            pivots=_pivots(candles, pivot_bars),
        )

    def upside_down(self) -> "View":
        """The same market with every price negated: what rose falls."""
        turned: dict[str, Literal["high", "low"]] = {"high": "low", "low": "high"}
        return View(
            open=-self.open,
            high=-self.low,
            low=-self.high,
            close=-self.close,
            typical=self.typical,
            pivots=tuple(Pivot(turned[each.kind], each.bar, -each.price) for each in self.pivots),
        )

    @property
    def last(self) -> int:
        """Place of the bar that has just closed."""
        return len(self.close) - 1

    def rise(self, bar: int) -> float:
        """Close less open of a bar: a white body is above zero, a black one below."""
        return float(self.close[bar] - self.open[bar])

    def body(self, bar: int) -> float:
        """Distance between open and close of a bar."""
        return abs(self.rise(bar))

    def range(self, bar: int) -> float:
        """Distance between high and low of a bar."""
        return float(self.high[bar] - self.low[bar])

    def moved(self, bar: int, bars: int) -> float:
        """How far the close moved in ``bars`` bars up to ``bar``, in typical ranges."""
        return float(self.close[bar] - self.close[bar - bars]) / self.typical

    def turns(self, count: int) -> Iterator[tuple[Pivot, ...]]:
        """The newest ``count`` turns of which the last is a low, as far as there are so many.

        The lowest price since the last high counts as a turn before it can be told that it is one;
        where a smaller high has followed a low, the turns up to that low are given as well.
        """
        known = self.pivots if self.pivots and self.pivots[-1].kind == "high" else self.pivots[:-1]
        since = known[-1].bar + 1 if known else self.last + 1
        if since <= self.last:
            bar = since + int(np.argmin(self.low[since:]))
            ending = (*known, Pivot("low", bar, float(self.low[bar])))
            if len(ending) >= count:
                yield ending[-count:]
        if len(known) > count:
            yield known[-count - 1 : -1]

    def crosses(self, line: Doubles, since: int) -> bool:
        """Whether the last close is the first above a line after bar ``since``.

        Args:
            line: float64[n], its value at every bar of the view.
        """
        above = self.close[since + 1 :] > line[since + 1 :]
        return bool(above[-1]) and not above[:-1].any()


def level_line(view: View, price: float) -> Doubles:
    """A horizontal line."""
    return np.full(len(view.close), price)


def line_through(view: View, first: Pivot, second: Pivot) -> Doubles:
    """The line through two pivots, at every bar."""
    slope = (second.price - first.price) / (second.bar - first.bar)
    return np.asarray(first.price + slope * (np.arange(len(view.close)) - first.bar))


def _pivots(candles: Candles, span: int) -> tuple[Pivot, ...]:
    """Bars that are the highest or lowest of ``span`` on either side, the more extreme of
    neighbours of a kind; so each is known ``span`` bars after it happened.

    Of a bar that is both, the side that it closed away from came first; one that closed where it
    opened tells no order, and is neither.
    """
    peaks, troughs = _peaks(candles.high, span), _peaks(-candles.low, span)
    found: list[Pivot] = []
    for bar in sorted({*peaks, *troughs}):
        rise = float(candles.close[bar] - candles.open[bar])
        both = bar in peaks and bar in troughs
        here = [Pivot("high", bar, float(candles.high[bar]))] if bar in peaks else []
        here += [Pivot("low", bar, float(candles.low[bar]))] if bar in troughs else []
        if both and rise == 0:
            continue
        found += reversed(here) if rise > 0 else here
    return _alternating(found)


def _alternating(found: Iterable[Pivot]) -> tuple[Pivot, ...]:
    kept: list[Pivot] = []
    for pivot in found:
        before = kept[-1] if kept else None
        if before is None or before.kind != pivot.kind:
            kept.append(pivot)
        elif (pivot.price - before.price) * (1 if pivot.kind == "high" else -1) > 0:
            kept[-1] = pivot
    return tuple(kept)


def _peaks(values: Doubles, span: int) -> set[int]:
    middle = values[span : len(values) - span]
    peak = np.ones(len(middle), dtype=np.bool_)
    for away in range(1, span + 1):
        peak &= middle >= values[span - away : len(values) - span - away]
        peak &= middle > values[span + away : len(values) - span + away]
    return {int(bar) + span for bar in np.flatnonzero(peak)}
