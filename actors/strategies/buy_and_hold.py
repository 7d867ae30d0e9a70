"""Buy once, and hold: the line that every other strategy has to beat.

It needs no indicator, so its first bar is enough. It remembers on ``self`` what it has bought: the
position says so only after the fill, and a second bar may close before that.
"""

from actors.strategies.hooks import Answer
from actors.strategies.template import Strategy
from schemas.market import Bar


class BuyAndHold(Strategy):
    """Buys each instrument at its first bar."""

    warms_up = "apart"

    def prepare(self) -> None:
        self.bought: list[str] = []

    def on_bar(self, bar: Bar) -> Answer:
        if bar.instrument in self.bought:
            return None
        self.bought.append(bar.instrument)
        return self.long(bar.instrument, reason={"close": bar.close})
