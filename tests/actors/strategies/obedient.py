"""A market that does what a strategy wishes: 1,000 units, filled at the next bar's open."""

from decimal import Decimal
from itertools import count

import msgspec

from actors.kit.testing import at, closed
from actors.strategies.template import Strategy
from schemas.envelope import AnyEvent
from schemas.market import Bar
from schemas.order import OrderFilled, Side, Terms
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import Payload
from schemas.signal import SignalRaised

UNITS = Decimal(1000)


class Obedient:
    """Stands in for sizing, risk and venue, for one strategy in one instrument.

    A bracket's leg is filled at its own price by the first bar that reaches it, the stop first.
    """

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.decisions: list[tuple[int, Payload]] = []
        self.held = Decimal(0)
        self._wishes: list[SignalRaised] = []
        self._legs: Terms | None = None
        self._trades = count()

    def play(self, bars: tuple[Bar, ...]) -> list[tuple[int, Payload]]:
        """Every decision, with the market time at which it was taken."""
        for bar in bars:
            wishes, self._wishes = self._wishes, []
            for wish in wishes:
                self._obey(wish, bar)
            self._touch_legs(bar)
            self._tell(closed(bar))
        return self.decisions

    def _tell(self, event: AnyEvent) -> None:
        for answer in self.strategy.handle(event):
            self.decisions.append((event.ts, answer))
            if isinstance(answer, SignalRaised):
                self._wishes.append(answer)

    def _obey(self, wish: SignalRaised, bar: Bar) -> None:
        sign = {"long": 1, "short": -1, "flat": 0}[wish.direction]
        change = UNITS * sign - (self.held if wish.intent == "target" else 0)
        if change != 0:
            self._legs = wish.terms if wish.terms.is_bracket else None
            self._fill(change, bar.open, bar)

    def _touch_legs(self, bar: Bar) -> None:
        if self._legs is None:
            return
        for price in (self._legs.stop_loss, self._legs.take_profit):
            if price is not None and bar.low <= price <= bar.high:
                self._legs = None
                self._fill(-self.held, price, bar)
                return

    def _fill(self, change: Decimal, price: Decimal, bar: Bar) -> None:
        self.held += change
        for payload in filled(self.strategy, bar.instrument, change, price, self.held):
            trade = f"T{next(self._trades)}"
            self._tell(at(bar.ts_open, msgspec.structs.replace(payload, trade_id=trade)))


def filled(
    strategy: Strategy, instrument: str, change: Decimal, price: Decimal, held: Decimal
) -> tuple[OrderFilled, PositionChanged]:
    """A fill of ``change`` units, and what portfolio says about it."""
    nothing = Money(Decimal(0), "USD")
    fill = OrderFilled(
        client_order_id="O1",
        instrument=instrument,
        strategy=strategy.author,
        trade_id="T1",
        side=Side.BUY if change > 0 else Side.SELL,
        quantity=abs(change),
        price=price,
        commission=nothing,
        liquidity="taker",
    )
    position = PositionChanged(
        instrument=instrument,
        strategy=strategy.author,
        quantity=held,
        average_price=price if held else None,
        realised=nothing,
        realised_total=nothing,
        commission_total=nothing,
        trade_id="T1",
    )
    return fill, position
