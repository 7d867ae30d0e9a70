"""How far an instrument moves in a bar, as a fold of closes."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from schemas.market import Bar, PriceType
from schemas.quantities import Price


class Moves(msgspec.Struct, frozen=True, gc=False):
    """The newest absolute moves from close to close of one series of bars, oldest first."""

    interval: str
    price_type: PriceType
    close: Price
    sizes: tuple[Decimal, ...] = ()

    def average(self, lookback: int) -> Decimal | None:
        """The mean of the last ``lookback`` moves; ``None`` while there are fewer."""
        return sum(self.sizes, Decimal(0)) / lookback if len(self.sizes) == lookback else None


type MovesByInstrument = Mapping[str, Moves]


def with_bar(moves: MovesByInstrument, bar: Bar, interval: str, lookback: int) -> MovesByInstrument:
    """The moves after a bar.

    Of each instrument one series counts: the first that is seen, of ``interval`` when that is not
    empty.
    """
    before = moves.get(bar.instrument)
    if before is None:
        if interval and bar.interval != interval:
            return moves
        return {**moves, bar.instrument: Moves(bar.interval, bar.price_type, bar.close)}
    if (bar.interval, bar.price_type) != (before.interval, before.price_type):
        return moves
    sizes = (*before.sizes, abs(bar.close - before.close))[-lookback:]
    return {**moves, bar.instrument: Moves(bar.interval, bar.price_type, bar.close, sizes)}
