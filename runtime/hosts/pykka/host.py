"""Programs as actors of one process. The projector is a process even here: ClickHouse's engine
must not live, or die, where a cell does. So is an inference gateway, because a model that is loaded
or asked would hold up the ticks.
"""

import threading
from contextlib import suppress
from time import sleep
from typing import Final

import msgspec
import pykka

from runtime.backends import Backend
from runtime.hosts.process.host import ProcessHost
from runtime.hosts.pykka.actor import Die, ProgramActor, Stop
from runtime.hosts.pykka.mailbox import Mailbox, MailboxFull
from runtime.programs.incarnation import Incarnation
from runtime.programs.specs import Assignment, InferenceSpec, ProjectorSpec
from runtime.supervision.worker import Report, Worker

_DEATH_S: Final = 2.0
"""A thread cannot be killed. One that has not finished its turn by then hangs."""


class PykkaWorker:
    """An actor, and what its life publishes. It implements ``Worker``."""

    def __init__(self, life: Incarnation, bound: int) -> None:
        self._life: Final = life
        self._gone: Final = threading.Event()
        self._ref: Final = ProgramActor.start(life, bound, self._gone)

    @property
    def ref(self) -> pykka.ActorRef[ProgramActor]:
        """For messages to the actor."""
        return self._ref

    def report(self) -> Report:
        inbox = self._ref.actor_inbox
        waiting = len(inbox) if isinstance(inbox, Mailbox) else 0
        return Report(
            seen=msgspec.structs.replace(self._life.seen, gone=self._gone.is_set()),
            status=self._life.status,
            mailbox=waiting,
            place=f"actor {self._ref.actor_urn.rpartition(':')[2][:8]}",
        )

    def stop(self, reason: str) -> None:
        self._tell(Stop(reason))

    def kill(self) -> bool:
        self._tell(Die())
        return self._gone.wait(_DEATH_S)

    def _tell(self, message: Stop | Die) -> None:
        # It may be gone already, or hang: what is seen of it says which.
        with suppress(pykka.ActorDeadError, MailboxFull):
            self._ref.tell(message)


class PykkaHost:
    """It implements ``Host``.

    Args:
        bound: messages that may wait for an actor.
        backend: the logs, where they are in memory.
    """

    def __init__(self, interval_ms: int, bound: int, backend: Backend | None = None) -> None:
        self._interval_s: Final = interval_ms / 1000
        self._bound: Final = bound
        self._backend: Final = backend
        self._processes: Final = ProcessHost(interval_ms)

    def launch(self, assignment: Assignment) -> Worker:
        if isinstance(assignment.program, ProjectorSpec | InferenceSpec):
            return self._processes.launch(assignment)
        return PykkaWorker(Incarnation(assignment, self._interval_s, self._backend), self._bound)

    def wait(self, seconds: float) -> None:
        sleep(seconds)

    def close(self) -> None:
        self._processes.close()
