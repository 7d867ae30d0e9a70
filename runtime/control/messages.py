"""What the command line asks a running system, and what comes back: one JSON object a line."""

from typing import Literal

import msgspec

from runtime.supervision.supervisor import ActorStatus


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A wish.

    Attributes:
        verb: ``status``; ``command`` posts one into a cell's ingress; ``restart`` replaces a
            program; ``down`` stops everything in order.
        name: of the cell or the program that it is about.
        command: one of ``schemas.operator``.
        operator: who wishes it.
    """

    verb: Literal["status", "command", "restart", "down"]
    name: str = ""
    command: str = ""
    operator: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        error: why nothing did; empty otherwise.
        pid: the process that runs the system.
        host: its kind.
        commands: ids of the events that were posted for it, by cell.
    """

    error: str = ""
    pid: int = 0
    host: str = ""
    actors: tuple[ActorStatus, ...] = ()
    commands: dict[str, str] = {}
