"""Bars out of ticks, a window at a time, equal to those that Nautilus would build tick by tick."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from actors.execution.nautilus.stretch import Int64s
from actors.execution.nautilus.unfolded import Quotes, Trades
from actors.execution.venue import BarStream
from schemas.identity import tick_id
from schemas.market import Bar, PriceType
from schemas.quantities import Nanoseconds, from_mantissa

type Ticks = Quotes | Trades

_SAFE: Final = 2**62
"""Two numbers below it add up to an int64."""


class ClosedBar(NamedTuple):
    """A bar, and the name of the last row in it, which was the last before it closed."""

    bar: Bar
    cause: str


class _Columns(NamedTuple):
    """int64[n], or Python's integers where these would not do; mids and their sizes are doubled.

    ``rows`` are the ticks' places in what was taken.
    """

    times: Int64s
    prices: Int64s
    sizes: Int64s
    rows: Int64s


@dataclass(frozen=True, slots=True)
class _Group:
    """Ticks of one interval, in the units of the columns; ``cause`` names the last one's row."""

    ts_close: Nanoseconds
    open: int
    high: int
    low: int
    close: int
    volume: int
    cause: str

    def joined(self, later: "_Group") -> "_Group":
        """Together with what came later in the same interval."""
        return _Group(
            self.ts_close,
            self.open,
            max(self.high, later.high),
            min(self.low, later.low),
            later.close,
            self.volume + later.volume,
            later.cause,
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

    def closed(self, moved: Sequence[Ticks], now: Nanoseconds) -> list[ClosedBar]:
        """Take the ticks of a window, and give the bars whose time is over.

        Args:
            moved: of the stream's instrument and kind, each in order of time; of equal times those
                of an earlier one come first.
            now: time of the window's last row, of whatever instrument.
        """
        groups = self._groups(moved)
        if self._open is not None:
            if groups and groups[0].ts_close == self._open.ts_close:
                groups[0] = self._open.joined(groups[0])
            else:
                groups.insert(0, self._open)
        self._open = groups.pop() if groups and groups[-1].ts_close > now else None
        return [ClosedBar(self._bar(group), group.cause) for group in groups]

    def _columns(self, ticks: Ticks, behind: int) -> _Columns:
        rows = np.arange(behind, behind + len(ticks.times))
        match ticks, self.stream.price_type:
            case Trades(), _:
                return _Columns(ticks.times, ticks.price, ticks.size, rows)
            case _, PriceType.BID:
                return _Columns(ticks.times, ticks.bid, ticks.bid_size, rows)
            case _, PriceType.ASK:
                return _Columns(ticks.times, ticks.ask, ticks.ask_size, rows)
            case _:
                prices = _sum(ticks.bid, ticks.ask)
                return _Columns(ticks.times, prices, _sum(ticks.bid_size, ticks.ask_size), rows)

    def _groups(self, moved: Sequence[Ticks]) -> list[_Group]:
        if not moved:
            return []
        starts = [0, *accumulate(len(ticks.times) for ticks in moved)]
        columns = [self._columns(*each) for each in zip(moved, starts[:-1], strict=True)]
        times, prices, sizes, rows = _merged(columns)
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
        causes = [_name(moved, starts, row) for row in rows[last].tolist()]
        numbers = (column.tolist() for column in wanted)
        return [_Group(*values) for values in zip(*numbers, causes, strict=True)]

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


def _merged(columns: Sequence[_Columns]) -> _Columns:
    if len(columns) == 1:
        return columns[0]
    joined = [np.concatenate(parts) for parts in zip(*columns, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return _Columns(*(column[order] for column in joined))


def _name(moved: Sequence[Ticks], starts: Sequence[int], row: int) -> str:
    which = bisect_right(starts, row) - 1
    ticks = moved[which]
    return tick_id(ticks.source, ticks.first + (row - starts[which]) // ticks.per_row)


def _sum(one: Int64s, other: Int64s) -> Int64s:
    if max(_largest(one), _largest(other)) < _SAFE:
        return one + other
    return one.astype(object) + other


def _summable(values: Int64s) -> Int64s:
    return values if _largest(values) * len(values) < 2 * _SAFE else values.astype(object)


def _largest(values: Int64s) -> int:
    return max(abs(int(values.min())), abs(int(values.max())))
