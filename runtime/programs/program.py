"""What every host runs: a unit of work that takes turns."""

from enum import StrEnum
from typing import Protocol

import msgspec

from schemas.quantities import Nanoseconds


class Stage(StrEnum):
    """Where a program is in its life."""

    WAITING = "waiting"
    """For something that must be there before it can begin, such as a source's first record."""
    RECOVERING = "recovering"
    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "draining"
    FINISHED = "finished"
    """Its work is done; another turn does nothing."""


class ProgramStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a program says about itself; told from time to time, so it may be a moment old.

    Attributes:
        kind: as ``runtime.programs.specs.kind_of`` says.
        run: whose journal a cell writes; epoch: which of its writers this is.
        position: by market source or run, the number of the next row or step.
        lag: by market source or run, rows or steps that are there and not taken yet.
        waits_for: what holds it up, for people; empty when nothing does.
        last_decision: kind and id of the cell's last decision, and its market time.
        counters: what it has done so far, by name.
    """

    name: str
    kind: str
    stage: Stage
    run: str = ""
    epoch: int = 0
    position: dict[str, int] = {}
    lag: dict[str, int] = {}
    waits_for: str = ""
    last_decision: str = ""
    last_decision_ts: Nanoseconds | None = None
    counters: dict[str, int] = {}


class Program(Protocol):
    """A unit of work. One thread at a time calls it, and that is the host's care.

    An error that any method raises ends the program: ``close`` it, and make another, which goes on
    from what is durable.
    """

    def start(self) -> None:
        """Open what it needs; once, before the first turn."""
        ...

    def turn(self) -> bool:
        """Do a piece of work that takes milliseconds, and make it durable; whether there was one.

        Nothing of it is acted upon elsewhere, or told in ``status``, before it is durable.
        """
        ...

    def stop(self, reason: str) -> None:
        """End in order: take what was given already, say that this is the end, close."""
        ...

    def close(self) -> None:
        """Let go of everything without a word, as a crash would; a second call does nothing."""
        ...

    def status(self) -> ProgramStatus:
        """How it is doing."""
        ...
