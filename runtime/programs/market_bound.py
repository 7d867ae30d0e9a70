"""A program whose life is a session: it waits for its market, goes on with it, and ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from actors.feeds.following import FollowedMarket
from actors.kit.retracing import Diverged
from events.batches import BatchKind
from events.codecs.json import decode_step
from events.errors import NotFound
from events.ingress import Ingress
from events.journal import Journal, JournalWriter
from events.market_log import MarketLog
from runtime.backtesting import NotRepeatable
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.session import Session, SessionParts
from runtime.wired import WiredCell
from schemas.cell import CellStarted
from schemas.envelope import carries

ROWS_PER_TURN: Final = 4_000
"""A turn is one window: its supervisor hears nothing, and nothing posted is taken, before its end.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a session is made of, beside the market."""

    cell: WiredCell
    journal: Journal
    ingress: Ingress


class Role(Protocol):
    """What a session is for.

    Attributes:
        name, kind, run: as in its status.
        market_log, sources: what it follows, and where.
    """

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def run(self) -> str: ...

    @property
    def sources(self) -> tuple[str, ...]: ...

    @property
    def market_log(self) -> MarketLog: ...

    def open(self) -> Opened:
        """Wire it: the market has begun."""
        ...

    def concluded(self, session: Session) -> None:
        """It has ended for good."""
        ...

    def counters(self) -> Mapping[str, int]:
        """What else it counts."""
        ...

    def close(self) -> None:
        """Let go of what stands around the session, before it is closed."""
        ...


class SessionProgram:
    """It implements ``Program``. The venue is simulated inside the session, so that after a crash
    it recomputes what is recorded, and that must come out the same.
    """

    def __init__(self, role: Role) -> None:
        self._role: Final = role
        self._log: Final = role.market_log
        self._session: Session | None = None
        self._writer: JournalWriter | None = None
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
            raise NotRepeatable(f"run {self._role.run}: {error}") from error
        if session.ended and not had_ended:
            self._role.concluded(session)
        return worked

    def stop(self, reason: str) -> None:
        if self._session is not None:
            self._session.pause(reason)
        self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._role.close()
        if self._session is not None:
            self._session.close()
        if self._ingress is not None:
            self._ingress.close()

    def status(self) -> ProgramStatus:
        role, session = self._role, self._session
        if session is None:
            return ProgramStatus(
                name=role.name,
                kind=role.kind,
                stage=Stage.WAITING,
                run=role.run,
                waits_for=f"the market of {', '.join(self._missing())}",
            )
        position = {source: session.positions[source] for source in role.sources}
        last = session.workload.last
        holding = session.holding if not session.ended else ()
        return ProgramStatus(
            name=role.name,
            kind=role.kind,
            stage=_stage(session),
            run=role.run,
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
                **role.counters(),
            },
        )

    def _missing(self) -> list[str]:
        """Sources that do not say yet what they are about, and which data there is of it."""
        return [source for source in self._role.sources if not self._has_begun(source)]

    def _has_begun(self, source: str) -> bool:
        try:
            records = self._log.read(source)
            has_data = any(record.kind is not BatchKind.FACTS for record in records)
            return has_data or self._log.sealed(source)
        except NotFound:
            return False

    def _open(self) -> None:
        opened = self._role.open()
        _require_same_code(opened)
        self._ingress = opened.ingress
        self._writer = opened.journal.open()
        market = FollowedMarket(self._log, self._role.sources, rows_per_window=ROWS_PER_TURN)
        parts = SessionParts(
            cell=opened.cell, journal=opened.journal, ingress=opened.ingress, market=market
        )
        self._session = session = Session(parts, self._writer)
        session.begin()


def _stage(session: Session) -> Stage:
    if session.ended:
        return Stage.FINISHED
    if session.retracing:
        return Stage.RECOVERING
    if session.workload.draining:
        return Stage.DRAINING
    return Stage.PAUSED if session.workload.paused else Stage.RUNNING


def _require_same_code(opened: Opened) -> None:
    first = next(iter(opened.journal.records()), None)
    if first is None:
        return
    began = decode_step(first.body).input
    if carries(began, CellStarted) and began.payload.code_hash != opened.cell.started.code_hash:
        raise NotRepeatable(
            f"run {opened.cell.run}: it was recorded by other code, whose decisions may differ;"
            " `up --new` starts another run"
        )
