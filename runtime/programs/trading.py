"""A cell that trades, as the role of a session's program."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType
from typing import Final

from actors.patterns.recogniser import Recogniser
from events.market_log import MarketLog
from runtime.backends import Backend
from runtime.backtesting import known_instruments
from runtime.programs.market_bound import Opened
from runtime.programs.session import Session
from runtime.programs.specs import CellSpec
from runtime.results import BacktestResult, summed_up
from runtime.telemetry.opening import Watch
from runtime.telemetry.telemetry import Telemetry
from runtime.wired import Backtest
from runtime.wiring import wire

type Conclude = Callable[[BacktestResult], None]
"""Told what a session came to, when it has ended for good."""


class Trading:
    """It implements ``Role``.

    Args:
        served: recognisers that answer through a gateway in this process, by name.
        elsewhere: how many bars those want whose gateway runs elsewhere.
        watch: begins to watch the cell, if it is to be watched.
    """

    kind: Final = "cell"

    def __init__(
        self,
        spec: CellSpec,
        backend: Backend,
        conclude: Conclude,
        served: Mapping[str, Recogniser] = MappingProxyType({}),
        elsewhere: Mapping[str, int] = MappingProxyType({}),
        watch: Watch | None = None,
    ) -> None:
        self.name: Final = spec.name
        self.run: Final = spec.run
        self.sources: Final = spec.sources
        self.market_log: Final[MarketLog] = backend.market_log()
        self._spec: Final = spec
        self._backend: Final = backend
        self._conclude: Final = conclude
        self._served: Final = served
        self._elsewhere: Final = elsewhere
        self._watch: Final = watch
        self._backtest: Backtest | None = None
        self._telemetry: Telemetry | None = None

    def open(self) -> Opened:
        """Wire the cell; it is watched from now on, if it is to be."""
        spec = self._spec.spec
        wired = wire(spec, known_instruments(self.market_log, spec), self._served, self._elsewhere)
        self._backtest = replace(wired, run=self.run, cell=self.name)
        return self._watched(
            Opened(
                cell=self._backtest,
                journal=self._backend.journal(self.name, self.run),
                ingress=self._backend.ingress(self.name),
            )
        )

    def concluded(self, session: Session) -> None:
        """Sum it up."""
        assert self._backtest is not None, "it was opened"
        self._conclude(
            summed_up(
                self._backtest,
                session.recording,
                session.reckoning.outcome(),
                refused=session.refused,
                ingest_s=0.0,
                elapsed_s=max(monotonic() - session.began_s, 1e-9),
            )
        )

    def counters(self) -> Mapping[str, int]:
        """Nothing else."""
        return {}

    def close(self) -> None:
        """End the watching: its threads must end before the venue does."""
        if self._telemetry is not None:
            self._telemetry.close()

    def _watched(self, opened: Opened) -> Opened:
        if self._watch is None:
            return opened
        self._telemetry = self._watch()
        observer, cell = self._telemetry.observer(), opened.cell
        return Opened(
            cell=replace(cell, deciders=observer.deciders(cell.deciders)),
            journal=observer.journal(opened.journal),
            ingress=observer.ingress(opened.ingress),
        )
