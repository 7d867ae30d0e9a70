"""What happens at times that are known beforehand: bars that close, timers that are due, and times
at which the engine is to look at what has arrived.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count, takewhile
from typing import Final

from actors.execution.nautilus.bar_builder import ClosedBar
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired

type Moment = ClosedBar | TimerFired


class Agenda:
    """Gives everything in order of time; at one time first the bars, then the timers as they were
    set.
    """

    def __init__(self) -> None:
        self._bars: Final[deque[ClosedBar]] = deque()
        self._timers: Final[dict[tuple[str, str], TimerFired]] = {}
        self._order: Final[list[tuple[Nanoseconds, int, TimerFired]]] = []
        self._count: Final = count()
        self._arrivals: Final[list[Nanoseconds]] = []

    def close(self, bars: Iterable[ClosedBar]) -> None:
        """Add bars in order of their closes; all that are in here close earlier."""
        self._bars.extend(bars)

    def set(self, timer: TimerFired) -> None:
        """Add a timer."""
        self._timers[timer.owner, timer.name] = timer
        heappush(self._order, (timer.at, next(self._count), timer))

    def forget(self, owner: str, name: str) -> Nanoseconds | None:
        """Take a timer out, if it is set; its time, if nothing else is in here for that."""
        timer = self._timers.pop((owner, name), None)
        if timer is None or timer.at in self.until(timer.at):
            return None
        return timer.at

    def expect(self, ts: Nanoseconds) -> None:
        """Add a time at which there is nothing to tell."""
        heappush(self._arrivals, ts)

    def next(self) -> Nanoseconds | None:
        """When there is something to tell again."""
        timer = self._next_timer()
        if not self._bars:
            return None if timer is None else timer.at
        closes = self._bars[0].bar.ts_close
        return closes if timer is None else min(closes, timer.at)

    def until(self, ts: Nanoseconds) -> Iterator[Nanoseconds]:
        """Times of all that is in here up to ``ts``."""
        yield from takewhile(ts.__ge__, (closed.bar.ts_close for closed in self._bars))
        yield from (timer.at for timer in self._timers.values() if timer.at <= ts)
        yield from (at for at in self._arrivals if at <= ts)

    def due(self, ts: Nanoseconds) -> Iterator[Moment]:
        """Take out what happens at or before ``ts``, one by one: others may be set meanwhile."""
        while self._arrivals and self._arrivals[0] <= ts:
            heappop(self._arrivals)
        while (at := self.next()) is not None and at <= ts:
            if self._bars and self._bars[0].bar.ts_close == at:
                yield self._bars.popleft()
            else:
                _, _, timer = heappop(self._order)
                self.forget(timer.owner, timer.name)
                yield timer

    def _next_timer(self) -> TimerFired | None:
        while self._order:
            timer = self._order[0][2]
            if self._timers.get((timer.owner, timer.name)) is timer:
                return timer
            heappop(self._order)
        return None
