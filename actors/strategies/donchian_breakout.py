"""Go with a breakout: buy a close above the channel of the bars before, with a stop by volatility.

The channel already holds the bar at hand, and no close is above its own high. So the strategy keeps
the channel as it was one bar ago.

The average true range says how far a stop has to be away. ``trailing=false`` enters by a bracket: a
stop and a target that cancel each other. ``trailing=true`` enters without a target and, when the
fill is known, sends a trailing stop for what was filled.
"""

from dataclasses import dataclass

from nautilus_trader.indicators import AverageTrueRange, DonchianChannel

from actors.strategies.answers import Entry
from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar
from schemas.order import OrderFilled, OrderRejected, OrderType, Side, Terms


@dataclass
class Channel:
    """One instrument's indicators, and the channel as it was a bar ago."""

    donchian: DonchianChannel
    atr: AverageTrueRange
    before: tuple[float, float] | None = None


class DonchianBreakout(Strategy):
    """Trades breakouts of the channel of highs and lows, with stops at multiples of the ATR."""

    period: int = parameter(20, ge=2, le=2000, doc="bars of the channel")
    atr_period: int = parameter(14, ge=1, le=2000, doc="bars of the average true range")
    stop: float = parameter(2.0, gt=0, le=50, doc="distance of the stop, in ATR")
    target: float = parameter(4.0, gt=0, le=100, doc="distance of the target, in ATR")
    trailing: bool = parameter(False, doc="a trailing stop, in place of the bracket")

    warms_up = "apart"

    def prepare(self) -> None:
        self.channels = {
            bars.instrument: Channel(
                self.indicator(DonchianChannel(self.period), bars),
                self.indicator(AverageTrueRange(self.atr_period), bars),
            )
            for bars in self.primary
        }

    def on_bar(self, bar: Bar) -> Answer:
        channel, close = self.channels[bar.instrument], float(bar.close)
        before = channel.before
        channel.before = channel.donchian.upper, channel.donchian.lower
        busy = self.position(bar.instrument).direction != "flat" or self.working(bar.instrument)
        if before is None or busy:
            return None
        upper, lower = before
        if close > upper:
            return self.enter(bar, "long", upper)
        if close < lower:
            return self.enter(bar, "short", lower)
        return None

    def enter(self, bar: Bar, direction: Entry, level: float) -> Answer:
        """Enter with the stop that was asked for, unless the market moves too little for one."""
        atr = self.channels[bar.instrument].atr.value
        tick = self.instruments[bar.instrument].tick_size
        if self.stop * atr < tick:
            return self.withhold(
                bar.instrument, direction, rule="stop_distance", limit=tick, value=self.stop * atr
            )
        reason = {"close": bar.close, "level": level, "atr": atr}
        if self.trailing:
            return self.order(bar.instrument, direction, reason=reason)
        sign = 1 if direction == "long" else -1
        return self.bracket(
            bar.instrument,
            direction,
            stop_loss=float(bar.close) - sign * self.stop * atr,
            take_profit=float(bar.close) + sign * self.target * atr,
            reason=reason,
        )

    def on_fill(self, fill: OrderFilled) -> Answer:
        opened = self.position(fill.instrument).quantity * fill.side.sign > 0
        if not (self.trailing and opened):
            return None
        trail = self.price(fill.instrument, self.stop * self.channels[fill.instrument].atr.value)
        return self.order(
            fill.instrument,
            "short" if fill.side is Side.BUY else "long",
            quantity=fill.quantity,
            terms=Terms(type=OrderType.TRAILING_STOP, trail=trail, reduce_only=True),
            reason={"entry": fill.price, "trail": trail},
        )

    def on_rejected(self, order: OrderRejected) -> Answer:
        """Close what a refused leg was to protect: the market had passed the stop already."""
        if self.position(order.instrument).direction == "flat":
            return None
        return self.flat(order.instrument, reason={"rejected": order.reason})
