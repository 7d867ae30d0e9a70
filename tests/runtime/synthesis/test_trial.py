"""A trial comes to what a backtest of the same candidate comes to, and writes nothing."""

import numpy as np
import pytest

from actors.feeds.merge import windows
from events.backends.memory.journal import MemoryJournal
from projections.analytics.ratios import sharpe_ratio
from projections.analytics.returns import sampled, simple_returns
from runtime.backtesting import known_instruments
from runtime.recording import record, recorded_steps
from runtime.synthesis.trial import Trial
from runtime.tally import Tally
from runtime.wiring import wire
from schemas.errors import UserError
from schemas.quantities import SECOND_NS
from schemas.strategy import StrategyEvaluated, StrategyProposed
from tests.runtime.synthesis.looking import terms


def proposal(**parameters: int) -> StrategyProposed:
    return StrategyProposed(strategy="ema_cross-1", parameters=dict(parameters), origin="test")


def tried(candidate: StrategyProposed) -> StrategyEvaluated:
    trial = Trial(terms()[0], candidate, terms()[1])
    while trial.turn():
        pass
    trial.close()
    return trial.came_to()


def test_it_comes_to_what_a_backtest_comes_to() -> None:
    looked, log = terms()
    spec = looked.spec.with_parameters({"fast": 3, "slow": 8})
    journal = MemoryJournal()
    wired = wire(spec, known_instruments(log, spec))
    record(wired, journal, windows(log, spec.sources), lambda _: None)
    tally = Tally()
    for step in recorded_steps(journal):
        tally.add(step)
    _, equity = sampled(np.array(tally.times), tally.equity, period_ns=60 * SECOND_NS)
    found = tried(proposal(fast=3, slow=8))
    assert found.metrics["fills"] == tally.counts["fills"] > 10
    assert found.metrics["pnl"] == float(tally.profit)
    assert found.metrics["max_drawdown"] == tally.drawdown
    assert found.metrics["periods"] == len(equity) - 1 > 50
    ratio = sharpe_ratio(simple_returns(equity), periods_per_year=1)
    assert found.metrics["sharpe"] == pytest.approx(ratio, abs=1e-6)
    assert found.run == f"ema-cross-{wired.started.config_hash[:8]}"


def test_other_parameters_come_to_something_else() -> None:
    one, other = tried(proposal(fast=2, slow=5)), tried(proposal(fast=3, slow=8))
    assert one.run != other.run
    assert one.metrics["pnl"] != other.metrics["pnl"]


def test_what_no_strategy_can_be_made_of_is_said_at_once() -> None:
    with pytest.raises(UserError, match="fast"):
        Trial(terms()[0], proposal(fast=9, slow=5), terms()[1])
