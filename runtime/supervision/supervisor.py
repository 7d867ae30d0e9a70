"""Runs a set of programs on any host: launches, watches, replaces, and stops them in order."""

import logging
from collections.abc import Callable, Sequence
from threading import RLock
from time import monotonic
from typing import Final, Literal

import msgspec

from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import Assignment, kind_of
from runtime.supervision.lifecycle import Act, Acts, Care, Life, Phase, Seen
from runtime.supervision.order import stopping_order
from runtime.supervision.worker import Host, Report, Worker
from schemas.errors import UserError

_log: Final = logging.getLogger("wakeline.supervision")

type Outcome = Literal["finished", "stopped", "failed"]
"""All programs are done; somebody stopped them; one failed too often, and the policy was to stop.
"""


class Stopping(UserError):
    """Nothing is begun any more."""


class ActorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One program as its supervisor sees it.

    Attributes:
        kind: as ``runtime.programs.specs.kind_of`` says.
        beat_age_s: seconds since it last finished a turn.
        error: why it failed last.
    """

    name: str
    kind: str
    phase: Phase
    restarts: int
    place: str
    mailbox: int
    beat_age_s: float | None
    error: str
    program: ProgramStatus | None


class _Actor:
    """A program, its life, and its present incarnation."""

    def __init__(self, assignment: Assignment, life: Life) -> None:
        self.assignment: Final = assignment
        self.life = life
        self.worker: Worker | None = None
        self.report = Report(seen=Seen())

    @property
    def name(self) -> str:
        return self.assignment.program.name


class Supervisor:
    """The imperative shell around ``Care``. Threads may call it; ``run`` is one thread's."""

    def __init__(
        self,
        host: Host,
        assignments: Sequence[Assignment],
        care: Care,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._host: Final = host
        self._care: Final = care
        self._clock: Final = clock
        self._lock: Final = RLock()
        self._wanted_end = ""
        self._failed = ""
        self._stopping = False
        self._actors: Final[dict[str, _Actor]] = {}
        for assignment in assignments:
            life, _ = care.born(clock())
            self._actors[assignment.program.name] = _Actor(assignment, life)

    def launch(self) -> None:
        """Begin with every program."""
        with self._lock:
            for actor in self._actors.values():
                self._became(actor, *self._care.born(self._clock()))

    def run(self, pause_s: float = 0.02) -> Outcome:
        """Look after them until all are finished, or somebody says ``end``; then stop in order."""
        while not (self._wanted_end or self.finished):
            self.look()
            self._host.wait(pause_s)
        self.stop(self._wanted_end or "finished")
        if self._failed:
            return "failed"
        return "stopped" if self._wanted_end else "finished"

    def look(self) -> None:
        """See how everybody is, and do what is to be done about it."""
        with self._lock:
            for actor in self._actors.values():
                if actor.worker is not None:
                    actor.report = actor.worker.report()
                seen, now = actor.report.seen, self._clock()
                self._became(actor, *self._care.looked(actor.life, seen, now))

    def restart(self, name: str) -> None:
        """Replace a program, whatever state it is in.

        Raises:
            KeyError: there is none of that name.
            Stopping: everybody is being stopped.
        """
        with self._lock:
            actor = self._actors[name]
            if self._stopping:
                raise Stopping(f"{name}: everything is being stopped")
            self._became(actor, *self._care.restarted(actor.life, self._clock()))

    def end(self, reason: str) -> None:
        """Let ``run`` stop everything; returns at once."""
        self._wanted_end = self._wanted_end or reason

    @property
    def finished(self) -> bool:
        """Whether every program says that its work is done."""
        return all(
            (status := actor.report.status) is not None
            and status.stage is Stage.FINISHED
            and actor.life.phase is Phase.RUNNING
            for actor in self._actors.values()
        )

    def stop(self, reason: str) -> None:
        """Stop everybody, tier by tier; who does not end in time is killed, and recovers later."""
        with self._lock:
            self._stopping = True
        programs = [actor.assignment.program for actor in self._actors.values()]
        for tier in stopping_order(programs):
            actors = [self._actors[name] for name in tier]
            with self._lock:
                for actor in actors:
                    if actor.worker is not None:
                        actor.worker.stop(reason)
            self._await_end(actors)

    def statuses(self) -> list[ActorStatus]:
        """How everybody is."""
        with self._lock:
            now = self._clock()
            return [_status(actor, now) for actor in self._actors.values()]

    def _await_end(self, actors: Sequence[_Actor]) -> None:
        deadline = self._clock() + self._care.heartbeat.stop_ms / 1000
        waiting = [actor for actor in actors if actor.worker is not None]
        while waiting and self._clock() < deadline:
            self._host.wait(0.01)
            for actor in waiting:
                actor.report = actor.worker.report() if actor.worker else actor.report
            waiting = [a for a in waiting if not (a.report.seen.ended or a.report.seen.error)]
        for actor in waiting:
            _log.warning("%s: did not end in time, and is killed", actor.name)
            self._kill(actor)
        with self._lock:
            for actor in actors:
                actor.worker = None
                actor.life = self._care.stopped(actor.life, self._clock())

    def _became(self, actor: _Actor, life: Life, acts: Acts) -> None:
        if life.error and life.error != actor.life.error:
            _log.warning("%s: %s", actor.name, life.error)
        actor.life = life
        for act in acts:
            match act:
                case Act.KILL:
                    if not self._kill(actor):
                        return
                case Act.LAUNCH:
                    actor.worker = self._host.launch(actor.assignment)
                    actor.report = actor.worker.report()
                    _log.info("%s: launched, %s", actor.name, actor.report.place)
                case Act.GIVE_UP:
                    self._give_up(actor)

    def _kill(self, actor: _Actor) -> bool:
        """Whether the old incarnation is gone. While it is not, none may take its place."""
        if actor.worker is None or actor.worker.kill():
            actor.worker = None
            return True
        actor.life = self._care.undying(actor.life, self._clock())
        self._give_up(actor)
        return False

    def _give_up(self, actor: _Actor) -> None:
        _log.error("%s: %s: %s", actor.name, actor.life.phase, actor.life.error)
        if self._care.restart.on_limit == "stop":
            self._failed = actor.name
            self.end("failed")


def _status(actor: _Actor, now: float) -> ActorStatus:
    beat = actor.report.seen.beat
    return ActorStatus(
        name=actor.name,
        kind=kind_of(actor.assignment.program),
        phase=actor.life.phase,
        restarts=actor.life.restarts,
        place=actor.report.place,
        mailbox=actor.report.mailbox,
        beat_age_s=None if beat is None else round(max(now - beat, 0.0), 3),
        error=actor.life.error,
        program=actor.report.status,
    )
