"""A strategy for measuring: it follows every quote, as a fast one does, and seldom has a wish."""

from nautilus_trader.indicators import ExponentialMovingAverage

from actors.strategies.hooks import Answer
from actors.strategies.template import Strategy
from schemas.market import Quote


class QuoteCross(Strategy):
    """Trades each cross of two exponential moving averages of the mid."""

    def prepare(self) -> None:
        """Nothing was heard yet."""
        self.fast = ExponentialMovingAverage(500)
        self.slow = ExponentialMovingAverage(2_000)
        self.was_above: bool | None = None

    def on_quote(self, quote: Quote) -> Answer:
        """Turn where the averages have crossed."""
        mid = float(quote.mid)
        self.fast.update_raw(mid)
        self.slow.update_raw(mid)
        above = self.fast.value > self.slow.value
        before, self.was_above = self.was_above, above
        if before is None or above is before:
            return None
        wish = self.long if above else self.short
        return wish(quote.instrument, reason={"mid": quote.mid})
