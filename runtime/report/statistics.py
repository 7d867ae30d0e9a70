"""Statistics of round trips, as text for a table."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from statistics import fmean, median

from projections.analytics.profits import profit_factor
from runtime.report.data import RoundTrip
from schemas.order import Side
from schemas.quantities import SECOND_NS

type Statistic = tuple[str, str, str]
"""Group, name and value."""


def statistics_of(trips: Sequence[RoundTrip]) -> Iterator[Statistic]:
    """Our own statistics, a group a currency; nothing without round trips."""
    for currency in sorted({trip.currency for trip in trips}):
        group = f"Round trips, {currency}"
        own = [trip for trip in trips if trip.currency == currency]
        for name, value in _named(own):
            yield group, name, value


def longest_run(profits: Sequence[Decimal], *, of_losses: bool) -> int:
    """The greatest number of gains, or of losses, in a row."""
    runs = groupby(profits, key=lambda profit: profit < 0 if of_losses else profit > 0)
    return max((len(list(group)) for wanted, group in runs if wanted), default=0)


def _named(trips: Sequence[RoundTrip]) -> Iterator[tuple[str, str]]:
    profits = [trip.profit for trip in trips]
    wins = [profit for profit in profits if profit > 0]
    losses = [profit for profit in profits if profit < 0]
    factor = profit_factor([float(profit) for profit in profits])
    held = [(trip.closed - trip.opened) / SECOND_NS for trip in trips]
    yield "Round trips", str(len(trips))
    yield "Long / short", f"{_count(trips, Side.BUY)} / {_count(trips, Side.SELL)}"
    yield "Net profit", f"{sum(profits):,.2f}"
    yield "Won", f"{len(wins)} ({len(wins) / len(trips):.1%})"
    yield "Profit factor", "no losses" if factor is None else f"{factor:.2f}"
    yield "Expectancy", f"{sum(profits) / len(trips):,.2f}"
    yield "Average win", f"{sum(wins) / len(wins):,.2f}" if wins else "–"
    yield "Average loss", f"{sum(losses) / len(losses):,.2f}" if losses else "–"
    yield "Best", f"{max(profits):,.2f}"
    yield "Worst", f"{min(profits):,.2f}"
    yield "Average return", f"{fmean(trip.value for trip in trips):+.3%}"
    yield "Median time held", duration(median(held))
    yield "Longest winning run", str(longest_run(profits, of_losses=False))
    yield "Longest losing run", str(longest_run(profits, of_losses=True))


def duration(seconds: float) -> str:
    """A length of time in its two largest units, such as ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86_400:
        return f"{whole // 3_600} h {whole % 3_600 // 60:02d} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3_600:02d} h"


def _count(trips: Sequence[RoundTrip], side: Side) -> int:
    return sum(trip.side is side for trip in trips)
