"""What is noted of a step while a cell works: as little as possible, for a thread to look at."""

from collections.abc import Mapping
from time import perf_counter_ns, time_ns
from typing import Final

import msgspec

from schemas.envelope import Step
from schemas.quantities import Nanoseconds

type Answered = Mapping[tuple[str, str], tuple[int, int]]
"""By author and the event that it answered: when it was asked and when it had answered."""


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A step that was appended. Ticks are of ``perf_counter_ns``.

    Attributes:
        kept: whether its chain is kept, as far as it has come.
        posted: when the input was posted to the ingress, or ``None`` when it was not.
        appending, appended: ticks around the journal's ``append``.
        wall: UTC nanoseconds at ``appended``.
    """

    step: Step
    kept: bool
    answered: Answered
    posted: Nanoseconds | None
    appending: int
    appended: int
    wall: Nanoseconds

    def utc(self, tick: int) -> Nanoseconds:
        """The time of day of a tick."""
        return self.wall - (self.appended - tick)


class Flushed(msgspec.Struct, frozen=True, gc=False):
    """A flush of the journal, and how long it took."""

    duration: Nanoseconds


class Performed(msgspec.Struct, frozen=True, gc=False):
    """A request that a gateway acted on, by the clock of the machine in UTC nanoseconds."""

    gateway: str
    id: str
    correlation: str
    kind: str
    again: bool
    start: Nanoseconds
    end: Nanoseconds


type Noted = Taken | Flushed | Performed

now: Final = perf_counter_ns
today: Final = time_ns
