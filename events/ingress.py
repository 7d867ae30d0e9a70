"""Ingress: what gateways, feeds, operators and other cells want a cell to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.envelope import AnyEvent, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One posted event.

    Attributes:
        position: its address in this ingress, ascending.
        writer, number: who posted it; every writer numbers what it posts without gaps from 0.
        slices: market records that the event refers to (for a ``market.slice``).
    """

    position: int
    writer: str
    number: int
    event: AnyEvent
    slices: tuple[Slice, ...] = ()


class Ingress(Protocol):
    """The queue into one cell: delivered at least once, and in each writer's order."""

    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        """Add an event; durable when the call returns. A number taken before is dropped.

        Raises:
            SequenceGap: a number before this one was never posted.
        """
        ...

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        """At most ``limit`` events at and after a position, in order; empty when none is there.

        Args:
            asking: to the end as it is now; otherwise see ``events.journal.JournalTail.unread``.
        """
        ...

    def next_number(self, writer: str) -> int:
        """What the writer must post next, after a restart."""
        ...

    def close(self) -> None:
        """Let go of it; what was posted stays."""
        ...
