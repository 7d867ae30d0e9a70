"""What a supervisor and a program's actor tell each other, as JSON: Ray carries control only."""

import msgspec

from runtime.programs.program import ProgramStatus


class ProcessName(msgspec.Struct, frozen=True, kw_only=True):
    """A process, so that it can be told from a later one of the same number.

    Attributes:
        node: Ray's name of its node.
        born: when it began, in seconds as its machine counts them.
    """

    node: str
    pid: int
    born: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How an actor is.

    Attributes:
        beat_age_s: since it finished its last turn, by its own clock; ``None`` before the first.
        status: what its program said last.
        ended: it ended in order.
        error: what ended it otherwise.
    """

    beat_age_s: float | None = None
    status: ProgramStatus | None = None
    ended: bool = False
    error: str = ""
