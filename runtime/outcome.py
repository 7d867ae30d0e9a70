"""What a run came to, folded from its steps by whoever decodes them anyway."""

from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np

from events.decisions import DecisionHash
from projections.analytics.profits import profit_factor, win_rate
from projections.analytics.ratios import sharpe_ratio
from projections.analytics.returns import periods_per_year, sampled, simple_returns
from runtime.tally import Tally
from schemas.envelope import Step


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a run, and the hash by which it is the same run as another or not.

    Attributes:
        counts: how many there were, by the names in ``runtime.tally``.
        pnl: last equity less the first; max_drawdown: largest fall from a peak, of the peak.
        sharpe: of daily returns, annualised by the days that there are.
        sharpe, profit_factor, win_rate: ``None`` where too little happened to say.
    """

    counts: dict[str, int]
    pnl: float
    max_drawdown: float
    sharpe: float | None
    profit_factor: float | None
    win_rate: float | None
    decision_hash: str


class Reckoning:
    """Folds a run's steps, all of them and in order, into its outcome."""

    def __init__(self) -> None:
        self.tally: Final = Tally()
        self.decisions: Final = DecisionHash()

    def add(self, step: Step) -> None:
        """Note the next step."""
        self.tally.add(step)
        self.decisions.update(step)

    def outcome(self) -> Outcome:
        """What it has come to so far."""
        tally = self.tally
        profits = [float(trip.profit) for trip in tally.round_trips.closed]
        return Outcome(
            counts=dict(tally.counts),
            pnl=float(tally.profit),
            max_drawdown=tally.drawdown,
            sharpe=_sharpe(tally),
            profit_factor=profit_factor(profits),
            win_rate=win_rate(profits),
            decision_hash=self.decisions.hexdigest(),
        )


def outcome_of(steps: Iterable[Step]) -> Outcome:
    """The outcome of a run that is over, from the steps in its journal."""
    reckoning = Reckoning()
    for step in steps:
        reckoning.add(step)
    return reckoning.outcome()


def _sharpe(tally: Tally) -> float | None:
    if len(tally.equity) < 2:
        return None
    days, equity = sampled(np.array(tally.times, np.int64), tally.equity)
    a_year = periods_per_year(days)
    if a_year is None or min(equity) <= 0:
        return None
    return sharpe_ratio(simple_returns(equity), periods_per_year=a_year)
