"""One candidate over the recorded market, a stretch at a time, and nothing of it written down."""

from collections.abc import Mapping
from time import monotonic
from types import MappingProxyType
from typing import Final

import numpy as np

from actors.patterns.recogniser import Recogniser
from actors.strategies.synthesis.figures import figures_of
from events.market_log import MarketLog
from projections.analytics.deflated import Track, track_of
from projections.analytics.returns import sampled, simple_returns
from runtime.backtesting import known_instruments, market_windows
from runtime.home import run_id
from runtime.tally import Tally
from runtime.terms import SearchTerms
from runtime.unwritten import EPOCH, Unwritten
from runtime.wiring import wire
from schemas.strategy import StrategyEvaluated, StrategyProposed

TURN_S: Final = 0.2
"""How long a turn may last before others hear of it."""


class Trial:
    """A backtest of one candidate; belongs to the thread that makes it.

    Args:
        served: recognisers that answer through a gateway, by name.

    Raises:
        UserError: the candidate's parameters do not fit its strategy.
    """

    def __init__(
        self,
        terms: SearchTerms,
        candidate: StrategyProposed,
        market_log: MarketLog,
        served: Mapping[str, Recogniser] = MappingProxyType({}),
    ) -> None:
        self._terms: Final = terms
        self._candidate: Final = candidate
        spec = terms.spec.with_parameters(candidate.parameters)
        backtest = wire(spec, known_instruments(market_log, spec), served)
        self._run: Final = run_id(spec.config.strategies[0].use, backtest.started.config_hash)
        host, self._venue = backtest.host(Unwritten(), EPOCH, backtest.answering())
        self._steps: Final = host.steps(
            backtest.prologue(EPOCH), backtest.subscriptions, market_windows(market_log, spec)
        )
        self._tally: Final = Tally()

    def turn(self) -> bool:
        """Go on for a moment; whether there is more to come.

        Raises:
            Exception: whatever a decider of the candidate raised.
        """
        until = monotonic() + TURN_S
        for step in self._steps:
            self._tally.add(step)
            if monotonic() > until:
                return True
        return False

    def came_to(self) -> StrategyEvaluated:
        """The figures, once nothing more comes. ``run`` is what a backtest of it is called."""
        tally = self._tally
        return StrategyEvaluated(
            strategy=self._candidate.strategy,
            run=self._run,
            metrics={
                **figures_of(self._track()),
                "pnl": float(tally.profit),
                "max_drawdown": tally.drawdown,
                "fills": float(tally.counts["fills"]),
                "vetoes": float(tally.counts["vetoes"]),
            },
            trials=1,
        )

    def close(self) -> None:
        """Let go of the venue."""
        self._venue.close()

    def _track(self) -> Track | None:
        times = np.array(self._tally.times, np.int64)
        _, equity = sampled(times, self._tally.equity, period_ns=self._terms.period_ns)
        return track_of(simple_returns(equity)) if len(equity) and min(equity) > 0 else None
