"""What a supervisor asks of a host: incarnations of programs, and that time passes."""

from typing import Protocol

import msgspec

from runtime.programs.program import ProgramStatus
from runtime.programs.specs import Assignment
from runtime.supervision.lifecycle import Seen


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an incarnation at the moment, without asking it.

    Attributes:
        status: as it told last; ``None`` before the first turn.
        mailbox: messages that wait for it.
        place: where it runs, for people: a process, a thread, a node.
    """

    seen: Seen
    status: ProgramStatus | None = None
    mailbox: int = 0
    place: str = ""


class Worker(Protocol):
    """One incarnation of a program. No method waits for the program, but ``kill``."""

    def report(self) -> Report:
        """What is known of it; a failure is in there, and is never raised."""
        ...

    def stop(self, reason: str) -> None:
        """Ask it to end in order."""
        ...

    def kill(self) -> bool:
        """Make sure that it does nothing any more. False when this host cannot: it goes on hanging.

        An incarnation that could still write must never live beside its replacement.
        """
        ...


class Host(Protocol):
    """A way to run programs."""

    def launch(self, assignment: Assignment) -> Worker:
        """Begin an incarnation; whether that succeeds is in its report."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def close(self) -> None:
        """Let go of everything; the workers have ended."""
        ...
