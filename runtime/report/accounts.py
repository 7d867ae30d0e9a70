"""Equity, drawdown and returns of every account, as a fold of its valuations."""

from array import array
from decimal import Decimal
from typing import Final

import numpy as np

from projections.analytics.monthly import monthly_returns
from projections.analytics.returns import DAY_NS, sampled, simple_returns
from runtime.report.bands import BandSketch
from runtime.report.data import Account, Band, DayReturn, MonthReturn, Numbers, Times
from schemas.envelope import AnyEvent
from schemas.portfolio import PortfolioValued
from schemas.quantities import Nanoseconds

STRETCHES_MAX: Final = 4_096


class _Curve:
    """24 bytes a valuation."""

    def __init__(self, first: PortfolioValued) -> None:
        self._start: Final = first.equity
        self._end: Decimal = first.equity
        self._times: Final = array("q")
        self._equity: Final = array("d")
        self._drawdown: Final = array("d")

    def add(self, ts: Nanoseconds, valued: PortfolioValued) -> None:
        self._end = valued.equity
        self._times.append(ts)
        self._equity.append(float(valued.equity))
        self._drawdown.append(valued.drawdown)

    def account(self, name: str, currency: str) -> Account:
        times = np.frombuffer(self._times, np.int64)
        equity = np.frombuffer(self._equity)
        drawdown = np.frombuffer(self._drawdown)
        # There is no return on an equity of zero or less; a ruined account has none to show.
        is_solvent = bool((equity > 0).all())
        months = monthly_returns(times, equity) if is_solvent else {}
        return Account(
            name=name,
            currency=currency,
            equity=_band(times, equity),
            drawdown=_band(times, drawdown),
            start=self._start,
            end=self._end,
            drawdown_max=float(drawdown.max()),
            months=tuple(
                MonthReturn(year=year, month=month, value=value)
                for (year, month), value in months.items()
            ),
            days=_days(times, equity) if is_solvent else (),
        )


class Accounts:
    """Folds ``portfolio.valued``."""

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


def _band(times: Times, values: Numbers) -> Band:
    sketch = BandSketch(STRETCHES_MAX)
    sketch.add_points(times, values)
    return sketch.band()


def _days(times: Times, equity: Numbers) -> tuple[DayReturn, ...]:
    """The first day's return is from the first valuation on."""
    closed, closes = sampled(times, equity)
    returns = simple_returns(np.concatenate((equity[:1], closes)))
    days = (closed // DAY_NS).tolist()
    return tuple(
        DayReturn(day=day, value=value) for day, value in zip(days, returns.tolist(), strict=True)
    )
