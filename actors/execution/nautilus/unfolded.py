"""A record's rows as the ticks that they stand for, in columns of integers.

A recorded bar stands for four ticks at its open, high, low and close, in this order and all at the
time at which it closed. Nothing in a bar is known before its close, so nothing can trade on it
earlier; and a bar may be a minute or a day long without reaching back into market time that has
already passed. A boundary tick belongs to the closing bar, so a bar that is built from the four
equals the recorded one. Each tick carries a quarter of the recorded size, the close also what
cannot be divided.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from actors.execution.nautilus.stretch import Int64s, Stretch
from events.batches import BatchKind

TICKS_PER_BAR: Final = 4

_BAR_PRICES: Final = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Quotes:
    """int64[n] each: times in nanoseconds, prices and sizes as mantissas; 0 is an unknown size."""

    times: Int64s
    bid: Int64s
    ask: Int64s
    bid_size: Int64s
    ask_size: Int64s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trades:
    """int64[n] each: times in nanoseconds, prices and sizes as mantissas.

    Attributes:
        aggressor: 1 is a buyer, -1 a seller, 0 unknown.
        first: number of the first trade in its source.
    """

    times: Int64s
    price: Int64s
    size: Int64s
    aggressor: Int64s
    first: int


def unfolded(stretch: Stretch, size_when_unknown: int) -> Quotes | Trades:
    """Every row as a tick, a bar's row as four, in the order of the rows.

    Args:
        stretch: of quotes, trades or bars.
        size_when_unknown: mantissa of what a quote without a size is taken to offer.
    """
    record = stretch.record
    match record.kind:
        case BatchKind.QUOTES:
            sizes = (stretch.integers(f"{side}_size") for side in ("bid", "ask"))
            bid_size, ask_size = (_known(size, size_when_unknown) for size in sizes)
            return Quotes(
                times=stretch.times,
                bid=stretch.integers("bid"),
                ask=stretch.integers("ask"),
                bid_size=bid_size,
                ask_size=ask_size,
            )
        case BatchKind.QUOTE_BARS:
            quarters = (_quarters(stretch.integers(f"{side}_size")) for side in ("bid", "ask"))
            bid_size, ask_size = (_known(size, size_when_unknown) for size in quarters)
            return Quotes(
                times=_repeated(stretch.times),
                bid=_path(stretch, "bid_"),
                ask=_path(stretch, "ask_"),
                bid_size=bid_size,
                ask_size=ask_size,
            )
        case BatchKind.TRADES:
            return Trades(
                times=stretch.times,
                price=stretch.integers("price"),
                size=stretch.integers("size"),
                aggressor=stretch.integers("aggressor"),
                first=record.first,
            )
        case BatchKind.TRADE_BARS:
            prices = _path(stretch, "")
            return Trades(
                times=_repeated(stretch.times),
                price=prices,
                size=_quarters(stretch.integers("volume")),
                aggressor=np.zeros_like(prices),
                first=record.first * TICKS_PER_BAR,
            )
        case BatchKind.FACTS:
            raise ValueError(f"{record.source}:{record.first}: facts do not move the market")


def _known(sizes: Int64s, when_unknown: int) -> Int64s:
    return np.where(sizes == 0, when_unknown, sizes)


def _path(stretch: Stretch, prefix: str) -> Int64s:
    """Each bar's prices one after the other, as one column of ticks."""
    return np.column_stack([stretch.integers(prefix + name) for name in _BAR_PRICES]).ravel()


def _quarters(sizes: Int64s) -> Int64s:
    quarters = np.repeat(sizes // TICKS_PER_BAR, TICKS_PER_BAR)
    quarters[TICKS_PER_BAR - 1 :: TICKS_PER_BAR] += sizes % TICKS_PER_BAR
    return quarters


def _repeated(times: Int64s) -> Int64s:
    return np.repeat(times, TICKS_PER_BAR)
