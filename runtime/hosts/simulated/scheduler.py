"""Who acts next: the one queue of everything that is going to happen."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.violation import Violation
from schemas.quantities import Nanoseconds

ACTIONS_MAX: Final = 50_000
"""More actions than this in one world is a livelock."""


class Scheduler:
    """Runs actions in order of virtual time; those of equal time in the order they were planned."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock: Final = clock
        self._queue: list[tuple[Nanoseconds, int, Callable[[], None]]] = []
        self._planned = 0

    def at(self, moment: Nanoseconds, action: Callable[[], None]) -> None:
        """Plan an action."""
        self._planned += 1
        heappush(self._queue, (moment, self._planned, action))

    def after(self, delay: Nanoseconds, action: Callable[[], None]) -> None:
        """Plan an action ``delay`` from now."""
        self.at(self.clock.now + delay, action)

    def run(self) -> int:
        """Act until nothing is planned any more; how many actions it took.

        Raises:
            Violation: actions keep planning others.
        """
        taken = 0
        while self._queue:
            moment, _, action = heappop(self._queue)
            self.clock.move_to(moment)
            action()
            taken += 1
            if taken > ACTIONS_MAX:
                raise Violation("comes to rest", f"still busy after {ACTIONS_MAX} actions")
        return taken
