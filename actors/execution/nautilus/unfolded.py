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
    """int64[n] each: times in nanoseconds, prices and sizes as mantissas.

    Attributes:
        source, first: where the first row stands; a row is ``per_row`` ticks.
    """

    source: str
    first: int
    per_row: int
    times: Int64s
    bid: Int64s
    ask: Int64s
    bid_size: Int64s
    ask_size: Int64s


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trades:
    """int64[n] each: times in nanoseconds, prices and sizes as mantissas.

    Attributes:
        source, first: where the first row stands; a row is ``per_row`` ticks.
        aggressor: 1 is a buyer, -1 a seller, 0 unknown.
    """

    source: str
    first: int
    per_row: int
    times: Int64s
    price: Int64s
    size: Int64s
    aggressor: Int64s


def unfolded(stretch: Stretch, size_when_unknown: int) -> Quotes | Trades:
    """Every row as a tick, a bar's row as four, in the order of the rows.

    Args:
        stretch: of quotes, trades or bars.
        size_when_unknown: mantissa of what a quote without a size is taken to offer.
    """
    match stretch.record.kind:
        case BatchKind.QUOTES:
            return _quotes(stretch, size_when_unknown)
        case BatchKind.QUOTE_BARS:
            return _quotes_in_bars(stretch, size_when_unknown)
        case BatchKind.TRADES:
            return _trades(stretch)
        case BatchKind.TRADE_BARS:
            return _trades_in_bars(stretch)
        case BatchKind.FACTS:
            source, first = stretch.record.source, stretch.record.first
            raise ValueError(f"{source}:{first}: facts do not move the market")


def _quotes(stretch: Stretch, size_when_unknown: int) -> Quotes:
    return Quotes(
        source=stretch.record.source,
        first=stretch.record.first,
        per_row=1,
        times=stretch.times,
        bid=stretch.integers("bid"),
        ask=stretch.integers("ask"),
        bid_size=_known(stretch.integers("bid_size"), size_when_unknown),
        ask_size=_known(stretch.integers("ask_size"), size_when_unknown),
    )


def _quotes_in_bars(stretch: Stretch, size_when_unknown: int) -> Quotes:
    return Quotes(
        source=stretch.record.source,
        first=stretch.record.first,
        per_row=TICKS_PER_BAR,
        times=_repeated(stretch.times),
        bid=_path(stretch, "bid_"),
        ask=_path(stretch, "ask_"),
        bid_size=_known(_quarters(stretch.integers("bid_size")), size_when_unknown),
        ask_size=_known(_quarters(stretch.integers("ask_size")), size_when_unknown),
    )


def _trades(stretch: Stretch) -> Trades:
    return Trades(
        source=stretch.record.source,
        first=stretch.record.first,
        per_row=1,
        times=stretch.times,
        price=stretch.integers("price"),
        size=stretch.integers("size"),
        aggressor=stretch.integers("aggressor"),
    )


def _trades_in_bars(stretch: Stretch) -> Trades:
    prices = _path(stretch, "")
    return Trades(
        source=stretch.record.source,
        first=stretch.record.first,
        per_row=TICKS_PER_BAR,
        times=_repeated(stretch.times),
        price=prices,
        size=_quarters(stretch.integers("volume")),
        aggressor=np.zeros_like(prices),
    )


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
