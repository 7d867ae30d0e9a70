"""Follow the trend: long while a fast average is above a slow one, short while it is below.

A cross needs a before and an after. The first bar with both averages only says on which side they
are; the signal comes with the first bar on the other side, once.

Signals are targets: ``long`` while short closes and turns round, and sizing finds by how much. The
instruments are traded apart, with a pair of averages each.
"""

from nautilus_trader.indicators import ExponentialMovingAverage

from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar


class EmaCross(Strategy):
    """Trades each cross of two exponential moving averages of the close."""

    fast: int = parameter(10, ge=1, le=500, doc="bars of the fast average")
    slow: int = parameter(30, ge=2, le=2000, doc="bars of the slow average")

    warms_up = "apart"

    def check(self) -> str | None:
        return None if self.fast < self.slow else "fast must be less than slow"

    def prepare(self) -> None:
        self.averages = {
            bars.instrument: (
                self.indicator(ExponentialMovingAverage(self.fast), bars),
                self.indicator(ExponentialMovingAverage(self.slow), bars),
            )
            for bars in self.primary
        }
        self.was_above: dict[str, bool] = {}

    def on_bar(self, bar: Bar) -> Answer:
        fast, slow = (average.value for average in self.averages[bar.instrument])
        above = fast > slow
        before = self.was_above.get(bar.instrument, above)
        self.was_above[bar.instrument] = above
        if above == before:
            return None
        wish = self.long if above else self.short
        return wish(bar.instrument, reason={"fast": fast, "slow": slow, "close": bar.close})
