"""Equity and drawdown of every account, as a fold of its valuations."""

from decimal import Decimal
from typing import Final

import numpy as np

from runtime.report.bands import BandSketch
from runtime.report.data import Account, DayReturn, MonthReturn
from runtime.report.returns import PeriodReturns, day_of, month_of
from schemas.envelope import AnyEvent
from schemas.portfolio import PortfolioValued
from schemas.quantities import Nanoseconds

STRETCHES_MAX: Final = 4_096
_BATCH: Final = 4_096


class _Curve:
    def __init__(self, first: PortfolioValued) -> None:
        self.start: Final = first.equity
        self.end = first.equity
        self.drawdown_max = 0.0
        self._months: Final = PeriodReturns(first.equity, month_of)
        self._days: Final = PeriodReturns(first.equity, day_of)
        self._equity: Final = BandSketch(STRETCHES_MAX)
        self._drawdown: Final = BandSketch(STRETCHES_MAX)
        self._waiting: Final[list[tuple[Nanoseconds, Decimal, float]]] = []

    def add(self, ts: Nanoseconds, valued: PortfolioValued) -> None:
        self.end = valued.equity
        self.drawdown_max = max(self.drawdown_max, valued.drawdown)
        self._months.add(ts, valued.equity)
        self._days.add(ts, valued.equity)
        self._waiting.append((ts, valued.equity, valued.drawdown))
        if len(self._waiting) >= _BATCH:
            self._sketch()

    def account(self, name: str, currency: str) -> Account:
        self._sketch()
        return Account(
            name=name,
            currency=currency,
            equity=self._equity.band(),
            drawdown=self._drawdown.band(),
            start=self.start,
            end=self.end,
            drawdown_max=self.drawdown_max,
            months=tuple(
                MonthReturn(year=year, month=month, value=value)
                for (year, month), value in self._months.returns()
            ),
            days=tuple(DayReturn(day=day, value=value) for day, value in self._days.returns()),
        )

    def _sketch(self) -> None:
        times = np.array([ts for ts, _, _ in self._waiting], np.int64)
        self._equity.add_points(times, np.array([float(e) for _, e, _ in self._waiting]))
        self._drawdown.add_points(times, np.array([d for _, _, d in self._waiting]))
        self._waiting.clear()


class Accounts:
    """Folds ``portfolio.valued``; memory does not grow with their number."""

    def __init__(self) -> None:
        self._curves: Final[dict[tuple[str, str], _Curve]] = {}

    def learn(self, event: AnyEvent) -> None:
        """Note an event; other kinds are passed over."""
        valued = event.payload
        if isinstance(valued, PortfolioValued):
            key = (valued.account, valued.currency)
            curve = self._curves.get(key) or self._curves.setdefault(key, _Curve(valued))
            curve.add(event.ts, valued)

    def accounts(self) -> tuple[Account, ...]:
        """Every account with its curves, in order of name."""
        return tuple(curve.account(*key) for key, curve in sorted(self._curves.items()))
