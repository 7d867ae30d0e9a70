"""Bars out of ticks, a window at a time, equal to those that Nautilus would build tick by tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from actors.execution.nautilus.stretch import Int64s
from actors.execution.nautilus.unfolded import Quotes, Trades
from actors.execution.venue import BarStream
from schemas.market import Bar, PriceType
from schemas.quantities import Nanoseconds, from_mantissa

type Ticks = Quotes | Trades

_SAFE: Final = 2**62
"""Two numbers below it add up to an int64."""


class _Columns(NamedTuple):
    """int64[n], or Python's integers where these would not do; mids and their sizes are doubled."""

    times: Int64s
    prices: Int64s
    sizes: Int64s


@dataclass(frozen=True, slots=True)
class _Group:
    """Ticks of one interval, in the units of the columns."""

    ts_close: Nanoseconds
    open: int
    high: int
    low: int
    close: int
    volume: int

    def joined(self, later: "_Group") -> "_Group":
        """Together with what came later in the same interval."""
        return _Group(
            self.ts_close,
            self.open,
            max(self.high, later.high),
            min(self.low, later.low),
            later.close,
            self.volume + later.volume,
        )


class BarBuilder:
    """One stream. Intervals are counted from 1970-01-01; the tick at a boundary belongs to the bar
    that closes there, and an interval without a tick has no bar.

    Args:
        length: of an interval, in nanoseconds.
        price_precision, size_precision: decimal places of the ticks; a mid has one more.
    """

    def __init__(
        self, stream: BarStream, length: Nanoseconds, price_precision: int, size_precision: int
    ) -> None:
        self.stream: Final = stream
        self._length: Final = length
        more = int(stream.price_type is PriceType.MID)
        self._unit: Final = 5 if more else 1  # half of ten, in the last of a mid's decimal places
        self._price_precision: Final = price_precision + more
        self._size_precision: Final = size_precision + more
        self._open: _Group | None = None

    def end_of_interval(self, ts: Nanoseconds) -> Nanoseconds:
        """When the interval closes in which ``ts`` is."""
        return -(-ts // self._length) * self._length

    def closed(self, moved: Sequence[Ticks], now: Nanoseconds) -> list[Bar]:
        """Take the ticks of a window, and give the bars whose time is over.

        Args:
            moved: of the stream's instrument and kind, each in order of time; of equal times those
                of an earlier one come first.
            now: time of the window's last row, of whatever instrument.
        """
        groups = self._groups(_merged([self._columns(ticks) for ticks in moved]))
        if self._open is not None:
            if groups and groups[0].ts_close == self._open.ts_close:
                groups[0] = self._open.joined(groups[0])
            else:
                groups.insert(0, self._open)
        self._open = groups.pop() if groups and groups[-1].ts_close > now else None
        return [self._bar(group) for group in groups]

    def _columns(self, ticks: Ticks) -> _Columns:
        match ticks, self.stream.price_type:
            case Trades(), _:
                return _Columns(ticks.times, ticks.price, ticks.size)
            case _, PriceType.BID:
                return _Columns(ticks.times, ticks.bid, ticks.bid_size)
            case _, PriceType.ASK:
                return _Columns(ticks.times, ticks.ask, ticks.ask_size)
            case _:
                prices = _sum(ticks.bid, ticks.ask)
                return _Columns(ticks.times, prices, _sum(ticks.bid_size, ticks.ask_size))

    def _groups(self, columns: _Columns | None) -> list[_Group]:
        if columns is None:
            return []
        times, prices, sizes = columns
        closes = -(-times // self._length) * self._length
        first = np.flatnonzero(np.diff(closes, prepend=closes[0] - 1))
        last = np.append(first[1:], len(times)) - 1
        wanted = (
            closes[first],
            prices[first],
            np.maximum.reduceat(prices, first),
            np.minimum.reduceat(prices, first),
            prices[last],
            np.add.reduceat(_summable(sizes), first),
        )
        return [_Group(*values) for values in zip(*(w.tolist() for w in wanted), strict=True)]

    def _bar(self, group: _Group) -> Bar:
        stream, unit, precision = self.stream, self._unit, self._price_precision
        return Bar(
            instrument=stream.instrument,
            interval=stream.interval,
            price_type=stream.price_type,
            open=from_mantissa(group.open * unit, precision),
            high=from_mantissa(group.high * unit, precision),
            low=from_mantissa(group.low * unit, precision),
            close=from_mantissa(group.close * unit, precision),
            volume=from_mantissa(group.volume * unit, self._size_precision),
            ts_open=group.ts_close - self._length,
            ts_close=group.ts_close,
        )


def _merged(columns: Sequence[_Columns]) -> _Columns | None:
    if len(columns) < 2:
        return columns[0] if columns else None
    times, prices, sizes = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    order = np.argsort(times, kind="stable")
    return _Columns(times[order], prices[order], sizes[order])


def _sum(one: Int64s, other: Int64s) -> Int64s:
    if max(_largest(one), _largest(other)) < _SAFE:
        return one + other
    return one.astype(object) + other


def _summable(values: Int64s) -> Int64s:
    return values if _largest(values) * len(values) < 2 * _SAFE else values.astype(object)


def _largest(values: Int64s) -> int:
    return max(abs(int(values.min())), abs(int(values.max())))
