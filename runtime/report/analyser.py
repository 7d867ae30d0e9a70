"""Statistics by Nautilus' analyser, as text for a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from projections.analytics.returns import DAY_NS
from runtime.report.data import Account, RoundTrip
from runtime.report.formats import MINUS
from runtime.report.statistics import Statistic

_FRACTIONS: Final = ("Average", "CAGR", "Max Drawdown", "Returns Volatility", "Win Rate")
"""Statistics that Nautilus gives as fractions, by the beginning of their names."""


def analysed(accounts: Sequence[Account], trips: Iterable[RoundTrip]) -> Iterator[Statistic]:
    """Nautilus' figures of closed positions by currency, and of each account's daily returns."""
    from actors.execution.nautilus.statistics import statistics_of

    profits: defaultdict[str, list[float]] = defaultdict(list)
    for trip in trips:
        profits[trip.currency].append(float(trip.profit))
    for account in accounts:
        daily = {each.day * DAY_NS: each.value for each in account.days}
        found = statistics_of({}, daily).returns
        group = f"Nautilus, daily returns, {account.name} {account.currency}"
        yield from ((group, name, _written(name, value)) for name, value in found.items())
    for currency, figures in statistics_of(profits, {}).pnls.items():
        group = f"Nautilus, closed positions, {currency}"
        yield from ((group, name, _written(name, value)) for name, value in figures.items())


def _written(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    text = f"{value:.3%}" if name.startswith(_FRACTIONS) else f"{value:,.2f}"
    return text.replace("-", MINUS)
