"""A strategy for measuring: it turns at every quote, so that every tick becomes an order."""

from actors.strategies.hooks import Answer
from actors.strategies.template import Strategy
from schemas.market import Quote


class Restless(Strategy):
    """Long at every other quote, short at those between."""

    def prepare(self) -> None:
        """Nothing was heard yet."""
        self.heard = 0

    def on_quote(self, quote: Quote) -> Answer:
        """Turn."""
        self.heard += 1
        wish = self.long if self.heard % 2 else self.short
        return wish(quote.instrument, reason={"heard": self.heard})
