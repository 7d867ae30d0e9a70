"""What happened in a simulated world, line by line, for a person to read."""

from dataclasses import dataclass, field

from runtime.hosts.simulated.clock import EPOCH
from schemas.quantities import SECOND_NS, Nanoseconds


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, when, and to whom."""

    at: Nanoseconds
    who: str
    what: str
    about: str

    def __str__(self) -> str:
        seconds = (self.at - EPOCH) / SECOND_NS
        return f"{seconds:10.6f}  {self.who:<9} {self.what} {self.about}".rstrip()


@dataclass(slots=True)
class Trace:
    """All lines of a run, oldest first."""

    lines: list[Line] = field(default_factory=list)

    def add(self, at: Nanoseconds, who: str, what: str, about: str = "") -> None:
        """Note what happened."""
        self.lines.append(Line(at, who, what, about))
