"""Bet on the way back: buy below the lower Bollinger band, sell above the upper, leave at the mean.

The strategy asks for its position rather than remembering what it wished for: a wish may have been
vetoed, or stopped out. While an order is working it waits, so that a slow fill is not asked for
twice.
"""

from nautilus_trader.indicators import BollingerBands

from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar


class BollingerReversion(Strategy):
    """Fades closes outside the bands, and takes the profit at the middle one."""

    period: int = parameter(20, ge=2, le=2000, doc="bars of the mean and its deviation")
    width: float = parameter(2.0, gt=0, le=10, doc="distance of the bands, in deviations")
    short_too: bool = parameter(True, doc="whether to sell above the upper band")

    warms_up = "apart"

    def prepare(self) -> None:
        self.bands = {
            bars.instrument: self.indicator(BollingerBands(self.period, self.width), bars)
            for bars in self.primary
        }

    def on_bar(self, bar: Bar) -> Answer:
        if self.working(bar.instrument):
            return None
        bands, close = self.bands[bar.instrument], float(bar.close)
        reason = {
            "close": bar.close,
            "lower": bands.lower,
            "middle": bands.middle,
            "upper": bands.upper,
        }
        match self.position(bar.instrument).direction:
            case "flat" if close < bands.lower:
                return self.long(bar.instrument, reason=reason)
            case "flat" if close > bands.upper and self.short_too:
                return self.short(bar.instrument, reason=reason)
            case "long" if close >= bands.middle:
                return self.flat(bar.instrument, reason=reason)
            case "short" if close <= bands.middle:
                return self.flat(bar.instrument, reason=reason)
            case _:
                return None
