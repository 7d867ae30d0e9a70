"""Ingress in memory."""

from collections.abc import Sequence
from threading import Lock
from typing import Final

from events.errors import SequenceGap
from events.ingress import Posted
from schemas.envelope import AnyEvent, Slice


class MemoryIngress:
    """A list that threads of one process share. It implements ``events.ingress.Ingress``."""

    def __init__(self) -> None:
        self._posted: Final[list[Posted]] = []
        self._next: Final[dict[str, int]] = {}
        self._lock: Final = Lock()

    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        with self._lock:
            due = self._next.get(writer, 0)
            if number > due:
                raise SequenceGap(f"{writer} posted {number} where {due} was due")
            if number < due:
                return
            position = len(self._posted)
            self._posted.append(
                Posted(position=position, writer=writer, number=number, event=event, slices=slices)
            )
            self._next[writer] = number + 1

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:  # noqa: ARG002 - it is all here
        with self._lock:
            return self._posted[from_position : from_position + limit]

    def next_number(self, writer: str) -> int:
        with self._lock:
            return self._next.get(writer, 0)

    def close(self) -> None:
        """Nothing to let go of: who asks for it next finds what was posted."""
