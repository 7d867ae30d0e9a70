"""Trade a pattern when a second opinion agrees: a trend, or another recogniser.

A pattern by itself is a weak reason. The strategy enters only when the recogniser ``first`` has
seen something and ``second`` points the same way. ``second=trend`` asks two moving averages at
once; the name of a recogniser waits for what that one sees, in either order, as long as both still
speak about the future: until their horizons are over.

Every pattern that was not confirmed is withheld and says so; while there is a position or an
order, no signal is due. Stop and target are multiples of the average true range, and the first to
trade ends the other.
"""

from dataclasses import dataclass

from nautilus_trader.indicators import AverageTrueRange, ExponentialMovingAverage

from actors.strategies.answers import Entry
from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar
from schemas.order import OrderRejected
from schemas.pattern import Direction, PatternRecognised
from schemas.quantities import Nanoseconds

TREND = "trend"


@dataclass(frozen=True)
class Seen:
    """A pattern, and until when it speaks about the future."""

    pattern: PatternRecognised
    until: Nanoseconds


@dataclass
class Opinions:
    """What is known about one instrument.

    Attributes:
        seen: by recogniser.
        entered: when a signal was raised last. Two patterns of one bar are heard before the
            order of the first is known.
    """

    fast: ExponentialMovingAverage
    slow: ExponentialMovingAverage
    atr: AverageTrueRange
    close: float
    seen: dict[str, Seen]
    entered: Nanoseconds = 0


class PatternConfirmation(Strategy):
    """Enters where a recogniser and a second opinion agree, with a stop and a target."""

    first: str = parameter("rules", doc="the recogniser whose patterns are traded")
    second: str = parameter(TREND, doc="who must agree: trend, or another recogniser")
    confidence: float = parameter(0.5, ge=0, le=1, doc="least confidence of a pattern that counts")
    fast: int = parameter(20, ge=1, le=500, doc="bars of the trend's fast average")
    slow: int = parameter(60, ge=2, le=2000, doc="bars of the trend's slow average")
    atr_period: int = parameter(14, ge=1, le=2000, doc="bars of the average true range")
    stop: float = parameter(2.0, gt=0, le=50, doc="distance of the stop, in ATR")
    target: float = parameter(3.0, gt=0, le=100, doc="distance of the target, in ATR")

    warms_up = "apart"

    def check(self) -> str | None:
        if self.first == self.second:
            return "first and second must be two opinions"
        return None if self.fast < self.slow else "fast must be less than slow"

    def prepare(self) -> None:
        self.patterns(self.first)
        if self.second != TREND:
            self.patterns(self.second)
        self.opinions = {
            bars.instrument: Opinions(
                fast=self.indicator(ExponentialMovingAverage(self.fast), bars),
                slow=self.indicator(ExponentialMovingAverage(self.slow), bars),
                atr=self.indicator(AverageTrueRange(self.atr_period), bars),
                close=0.0,
                seen={},
            )
            for bars in self.primary
        }

    def on_bar(self, bar: Bar) -> None:
        self.opinions[bar.instrument].close = float(bar.close)

    def on_pattern(self, pattern: PatternRecognised) -> Answer:
        counts = pattern.recogniser in (self.first, self.second)
        if not counts or pattern.direction == "flat" or pattern.confidence < self.confidence:
            return None
        opinions = self.opinions[pattern.instrument]
        until = self.now - pattern.latency + pattern.horizon
        opinions.seen[pattern.recogniser] = Seen(pattern, until)
        first = self.speaking(opinions, self.first)
        if first is None or opinions.entered == self.now or self.busy(pattern.instrument):
            return None
        second = self.second_opinion(opinions)
        if second == first.direction:
            return self.enter(opinions, first)
        if pattern is not first:
            return None
        return self.withhold(
            pattern.instrument,
            first.direction,
            rule="confirmation",
            limit=f"{self.second} {first.direction}",
            value=f"{self.second} {second}",
        )

    def busy(self, instrument: str) -> bool:
        """Whether there is a position or an order already: one at a time."""
        return self.position(instrument).direction != "flat" or bool(self.working(instrument))

    def speaking(self, opinions: Opinions, recogniser: str) -> PatternRecognised | None:
        """What a recogniser saw last, if its horizon is not over."""
        seen = opinions.seen.get(recogniser)
        return seen.pattern if seen is not None and self.now <= seen.until else None

    def second_opinion(self, opinions: Opinions) -> Direction:
        """Where the trend or the other recogniser points; ``flat`` is no opinion."""
        if self.second == TREND:
            return "long" if opinions.fast.value > opinions.slow.value else "short"
        other = self.speaking(opinions, self.second)
        return "flat" if other is None else other.direction

    def enter(self, opinions: Opinions, pattern: PatternRecognised) -> Answer:
        """Enter with stop and target, unless the market moves too little for a stop."""
        name, atr, close = pattern.instrument, opinions.atr.value, opinions.close
        direction: Entry = "long" if pattern.direction == "long" else "short"
        tick = self.instruments[name].tick_size
        if self.stop * atr < tick:
            return self.withhold(
                name, direction, rule="stop_distance", limit=tick, value=self.stop * atr
            )
        opinions.entered = self.now
        sign = 1 if direction == "long" else -1
        return self.bracket(
            name,
            direction,
            stop_loss=close - sign * self.stop * atr,
            take_profit=close + sign * self.target * atr,
            reason={
                "pattern": pattern.pattern,
                "recogniser": pattern.recogniser,
                "confidence": pattern.confidence,
                "agreed": self.second,
                "close": close,
                "atr": atr,
            },
        )

    def on_rejected(self, order: OrderRejected) -> Answer:
        """Close what a refused leg was to protect: the market had passed the stop already."""
        if self.position(order.instrument).direction == "flat":
            return None
        return self.flat(order.instrument, reason={"rejected": order.reason})
