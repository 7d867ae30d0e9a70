"""A cell that trades on paper, as a program."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType
from typing import Final

from actors.feeds.following import FollowedMarket
from actors.kit.retracing import Diverged
from actors.patterns.recogniser import Recogniser
from events.batches import BatchKind
from events.codecs.json import decode_step
from events.errors import NotFound
from events.ingress import Ingress
from events.journal import Journal, JournalWriter
from events.market_log import MarketLog
from runtime.backends import Backend
from runtime.backtesting import NotRepeatable, known_instruments
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.session import Session, SessionParts
from runtime.programs.specs import CellSpec
from runtime.results import BacktestResult, summed_up
from runtime.telemetry.opening import Watch
from runtime.telemetry.telemetry import Telemetry
from runtime.wiring import Backtest, wire
from schemas.cell import CellStarted
from schemas.envelope import carries

type Conclude = Callable[[BacktestResult], None]
"""Told what a session came to, when it has ended for good."""


class CellProgram:
    """Waits until its sources have begun, goes on with its journal, and follows the market.

    It implements ``Program``. The venue is simulated inside the cell, so nothing of what it decides
    leaves it: after a crash it recomputes what is recorded, and that must come out the same.

    Args:
        served: recognisers that answer through a gateway in this process, by name.
        elsewhere: how many bars those want whose gateway runs elsewhere.
        watch: begins to watch the cell, if it is to be watched.
    """

    def __init__(
        self,
        spec: CellSpec,
        backend: Backend,
        conclude: Conclude,
        served: Mapping[str, Recogniser] = MappingProxyType({}),
        elsewhere: Mapping[str, int] = MappingProxyType({}),
        watch: Watch | None = None,
    ) -> None:
        self._spec: Final = spec
        self._backend: Final = backend
        self._conclude: Final = conclude
        self._served: Final = served
        self._elsewhere: Final = elsewhere
        self._watch: Final = watch
        self._log: Final[MarketLog] = backend.market_log()
        self._session: Session | None = None
        self._writer: JournalWriter | None = None
        self._telemetry: Telemetry | None = None
        self._ingress: Ingress | None = None

    def start(self) -> None:
        """Nothing to open before the market is there."""

    def turn(self) -> bool:
        """A window of the market, or what was posted.

        Raises:
            NotRepeatable: other code recorded the journal, or its decisions come out otherwise.
            LogError: a log cannot be read or written.
        """
        if self._session is None:
            if self._missing():
                return False
            self._open()
            return True
        session = self._session
        had_ended = bool(session.ended)
        try:
            worked = session.turn()
        except Diverged as error:
            raise NotRepeatable(f"run {self._spec.run}: {error}") from error
        if session.ended and not had_ended:
            self._conclude(self._result(session))
        return worked

    def stop(self, reason: str) -> None:
        if self._session is not None:
            self._session.pause(reason)
        self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._telemetry is not None:  # Its threads must end before the venue does.
            self._telemetry.close()
        if self._session is not None:
            self._session.close()
        if self._ingress is not None:
            self._ingress.close()

    def status(self) -> ProgramStatus:
        session = self._session
        if session is None:
            return ProgramStatus(
                name=self._spec.name,
                kind="cell",
                stage=Stage.WAITING,
                run=self._spec.run,
                waits_for=f"the market of {', '.join(self._missing())}",
            )
        position = {source: session.positions[source] for source in self._spec.sources}
        last = session.workload.last
        holding = session.holding if not session.ended else ()
        return ProgramStatus(
            name=self._spec.name,
            kind="cell",
            stage=_stage(session),
            run=self._spec.run,
            epoch=session.epoch,
            position=position,
            lag={source: self._log.end(source) - seq for source, seq in position.items()},
            waits_for=f"the next row of {', '.join(holding)}" if holding else "",
            last_decision=f"{last.kind} {last.id}" if last else "",
            last_decision_ts=last.ts if last else None,
            counters={
                "steps": session.steps,
                "rows": session.recording.rows,
                "recovered": session.recovered,
                "in_flight": len(session.workload.in_flight),
                **session.reckoning.tally.counts,
            },
        )

    def _missing(self) -> list[str]:
        """Sources that do not say yet what they are about, and which data there is of it."""
        return [source for source in self._spec.sources if not self._has_begun(source)]

    def _has_begun(self, source: str) -> bool:
        try:
            records = self._log.read(source)
            has_data = any(record.kind is not BatchKind.FACTS for record in records)
            return has_data or self._log.sealed(source)
        except NotFound:
            return False

    def _open(self) -> Session:
        spec = self._spec
        instruments = known_instruments(self._log, spec.spec)
        wired = wire(spec.spec, instruments, self._served, self._elsewhere)
        backtest = replace(wired, run=spec.run, cell=spec.name)
        journal = self._backend.journal(spec.name, spec.run)
        _require_same_code(journal, backtest)
        parts = self._watched(
            SessionParts(
                backtest=backtest,
                journal=journal,
                ingress=self._backend.ingress(spec.name),
                market=FollowedMarket(self._log, spec.sources),
            )
        )
        self._ingress = parts.ingress
        self._writer = parts.journal.open()
        self._session = session = Session(parts, self._writer)
        session.begin()
        return session

    def _watched(self, parts: SessionParts) -> SessionParts:
        if self._watch is None:
            return parts
        self._telemetry = self._watch()
        observer, backtest = self._telemetry.observer(), parts.backtest
        return replace(
            parts,
            backtest=replace(backtest, deciders=observer.deciders(backtest.deciders)),
            journal=observer.journal(parts.journal),
            ingress=observer.ingress(parts.ingress),
        )

    def _result(self, session: Session) -> BacktestResult:
        return summed_up(
            session.backtest,
            session.recording,
            session.reckoning.outcome(),
            refused=session.refused,
            ingest_s=0.0,
            elapsed_s=max(monotonic() - session.began_s, 1e-9),
        )


def _stage(session: Session) -> Stage:
    if session.ended:
        return Stage.FINISHED
    if session.retracing:
        return Stage.RECOVERING
    if session.workload.draining:
        return Stage.DRAINING
    return Stage.PAUSED if session.workload.paused else Stage.RUNNING


def _require_same_code(journal: Journal, backtest: Backtest) -> None:
    first = next(iter(journal.records()), None)
    if first is None:
        return
    began = decode_step(first.body).input
    if carries(began, CellStarted) and began.payload.code_hash != backtest.started.code_hash:
        raise NotRepeatable(
            f"run {backtest.run}: it was recorded by other code, whose decisions may differ;"
            " `up --new` starts another run"
        )
