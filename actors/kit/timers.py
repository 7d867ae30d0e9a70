"""Timers that are set and have not fired, by folding events."""

from heapq import heappop, heappush

from actors.kit.inputs import Input
from schemas.envelope import AnyEvent
from schemas.identity import event_id
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired, TimerSet


class Timers:
    """Ordered by time, then by the order in which they were set. Setting a name again moves it."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, str], AnyEvent] = {}
        self._queue: list[tuple[Nanoseconds, int, str, str, str]] = []
        self._count = 0

    def learn(self, event: AnyEvent) -> None:
        """Note that a timer was set or has fired; other events are none of its business."""
        match event.payload:
            case TimerSet(name=name, at=at):
                self._set[event.author, name] = event
                self._count += 1
                heappush(self._queue, (at, self._count, event.author, name, event.id))
            case TimerFired(name=name, owner=owner):
                standing = self._set.get((owner, name))
                if standing is not None and standing.id == event.cause:
                    del self._set[owner, name]
            case _:
                pass

    def due(self, now: Nanoseconds) -> Input | None:
        """The first timer at or before ``now``, as the input that fires it."""
        while self._queue and self._queue[0][0] <= now:
            at, _, owner, name, set_by = heappop(self._queue)
            standing = self._set.get((owner, name))
            if standing is None or standing.id != set_by:
                continue
            return Input(
                id=event_id("timers", set_by, 0),
                author="timers",
                cause=set_by,
                correlation=standing.correlation,
                ts=at,
                payload=TimerFired(name=name, at=at, owner=owner),
            )
        return None
