"""Performance by Nautilus' own statistics: of a run just made, or of what a journal recorded."""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from nautilus_trader import analysis, backtest

from schemas.quantities import SECOND_NS, Nanoseconds

type Figures = dict[str, float | None]
"""Statistics by Nautilus' names, such as ``Win Rate``; ``None`` where there is no number."""

_DAY_NS: Final = 86_400 * SECOND_NS
_OF_TRADES: Final = (
    analysis.WinRate(),
    analysis.Expectancy(),
    analysis.AvgWinner(),
    analysis.MaxWinner(),
    analysis.MinWinner(),
    analysis.AvgLoser(),
    analysis.MaxLoser(),
    analysis.MinLoser(),
)
_OF_RETURNS: Final = (
    analysis.SharpeRatio(),
    analysis.SortinoRatio(),
    analysis.ProfitFactor(),
    analysis.RiskReturnRatio(),
    analysis.ReturnsVolatility(),
    analysis.ReturnsAverage(),
    analysis.ReturnsAverageWin(),
    analysis.ReturnsAverageLoss(),
    analysis.ReturnsSkewness(),
    analysis.ReturnsKurtosis(),
    analysis.TailRatio(),
)
_NOT_BY_DEFAULT: Final = (
    analysis.MaxDrawdown(),
    analysis.CalmarRatio(),
    analysis.CAGR(),
)


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """What a run achieved.

    Attributes:
        pnls: of closed positions, by currency.
        returns: of the account's returns from one UTC day to the next.
        daily_returns: those returns as fractions, by the day's start in nanoseconds.
    """

    pnls: dict[str, Figures]
    returns: Figures
    daily_returns: dict[Nanoseconds, float]


def register(engine: backtest.BacktestEngine) -> None:
    """Have an engine compute, besides Nautilus' defaults, the figures that a report shows."""
    for statistic in _NOT_BY_DEFAULT:
        engine.portfolio.register_statistic(statistic)


def statistics_of_run(engine: backtest.BacktestEngine) -> Statistics:
    """What an ended engine says about its run."""
    result = engine.get_result()
    return Statistics(
        pnls={currency: _figures(found) for currency, found in sorted(result.stats_pnls.items())},
        returns=_figures(result.stats_returns),
        daily_returns=dict(sorted(result.returns_series.items())),
    )


def statistics_of(
    realised: Mapping[str, Sequence[float]], daily_returns: Mapping[Nanoseconds, float]
) -> Statistics:
    """The same figures from recorded facts.

    Args:
        realised: profit of every closed position, after commissions, by currency.
        daily_returns: see ``daily_returns``.
    """
    pnls = {
        currency: _figures(
            {
                "PnL (total)": math.fsum(profits),
                **{each.name: each.calculate_from_realized_pnls(profits) for each in _OF_TRADES},
            }
        )
        for currency, profits in sorted(realised.items())
    }
    returns = {
        each.name: each.calculate_from_returns(daily_returns)
        for each in (*_OF_RETURNS, *_NOT_BY_DEFAULT)
    }
    return Statistics(
        pnls=pnls, returns=_figures(returns), daily_returns=dict(sorted(daily_returns.items()))
    )


def daily_returns(
    start: Decimal, equity: Iterable[tuple[Nanoseconds, Decimal]]
) -> dict[Nanoseconds, float]:
    """Returns from one UTC day's last equity to the next one's, by the start of the day.

    Args:
        start: equity before the first day.
        equity: (time, equity) in order of time. A day without an entry has no return.
    """
    last_of_day = {ts // _DAY_NS * _DAY_NS: value for ts, value in equity}
    before = start
    returns: dict[Nanoseconds, float] = {}
    for day, value in last_of_day.items():
        returns[day] = float(value / before - 1) if before else 0.0
        before = value
    return returns


def _figures(found: Mapping[str, float | None]) -> Figures:
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in sorted(found.items())
    }
