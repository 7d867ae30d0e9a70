"""One rule for parity tests: what to send at a bar's close, without a word of any framework."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

type Style = Literal["market", "bracket", "trailing"]


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """``distance`` is that of stops, in price; a take-profit is twice as far."""

    style: Style
    quantity: Decimal
    distance: Decimal
    tick: Decimal
    fast: int = 5
    slow: int = 20


class Ema:
    """An exponential moving average that starts at its first value."""

    def __init__(self, period: int) -> None:
        self._alpha = 2 / (period + 1)
        self.value: float | None = None

    def update(self, price: float) -> float:
        before = price if self.value is None else self.value
        self.value = before + self._alpha * (price - before)
        return self.value


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An order in plain words; ``sign`` is +1 to buy, -1 to sell."""

    number: int
    sign: int
    quantity: Decimal
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    trail: Decimal | None = None


class EmaCross:
    """Turns with the averages; ``market`` always holds a position, the others wait to be flat."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._fast, self._slow = Ema(parameters.fast), Ema(parameters.slow)
        self._above: bool | None = None
        self._number = 0
        self.position = Decimal(0)

    def filled(self, signed_quantity: Decimal) -> None:
        self.position += signed_quantity

    def closed(self, close: Decimal) -> list[Wanted]:
        """Orders to send at a bar's close."""
        given = self._parameters
        above = self._fast.update(float(close)) > self._slow.update(float(close))
        crossed = self._above is not None and above != self._above
        self._above = above
        if not crossed or (given.style != "market" and self.position):
            return []
        sign = 1 if above else -1
        if given.style == "market":
            return [self._order(sign, abs(sign * given.quantity - self.position))]
        near = self._on_tick(close - sign * given.distance)
        if given.style == "bracket":
            far = self._on_tick(close + 2 * sign * given.distance)
            return [self._order(sign, given.quantity, stop_loss=near, take_profit=far)]
        entry = self._order(sign, given.quantity)
        return [
            entry,
            self._order(-sign, given.quantity, stop_loss=near, trail=given.distance),
        ]

    def _order(self, sign: int, quantity: Decimal, **prices: Decimal) -> Wanted:
        self._number += 1
        return Wanted(number=self._number, sign=sign, quantity=quantity, **prices)

    def _on_tick(self, price: Decimal) -> Decimal:
        return (price / self._parameters.tick).quantize(Decimal(1)) * self._parameters.tick
