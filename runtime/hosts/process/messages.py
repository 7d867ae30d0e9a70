"""What a supervisor and a program's process tell each other: one JSON object a line."""

import msgspec

from runtime.programs.program import ProgramStatus
from runtime.programs.specs import Assignment


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """The first line to a process: what it is to do, and how often to say how it is."""

    assignment: Assignment
    interval_ms: int


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A later line: end in order."""

    reason: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A line from a process: it has finished a turn, or it has ended."""

    status: ProgramStatus | None = None
    ended: bool = False
    error: str = ""
