"""A program that can be killed at any point and is started again."""

from collections.abc import Callable
from typing import Final

from events.errors import LogError
from runtime.hosts.simulated.faults import Crash, Faults
from runtime.hosts.simulated.scheduler import Scheduler
from runtime.hosts.simulated.trace import Trace
from runtime.hosts.simulated.violation import Violation
from schemas.quantities import SECOND_NS

RESTART_NS_MAX: Final = 2 * SECOND_NS
STARTS_MAX: Final = 50
"""No plan has as many faults; a program that dies more often dies of itself."""


class Supervised[P]:
    """Keeps one program running. What is sent to it while it is dead, is lost."""

    def __init__(
        self, name: str, boot: Callable[[], P], scheduler: Scheduler, faults: Faults, trace: Trace
    ) -> None:
        self.name: Final = name
        self._boot: Final = boot
        self._scheduler: Final = scheduler
        self._faults: Final = faults
        self._trace: Final = trace
        self._program: P | None = None
        self.attempts = 0
        self.died: Callable[[], None] = lambda: None
        """What the world does when the program is gone."""

    def start(self) -> None:
        """Boot the program, again if it dies at it."""
        self.attempts += 1
        try:
            self._program = self._boot()
        except (Crash, LogError) as end:
            self._buried(end)

    def tell(self, act: Callable[[P], object]) -> None:
        """Let the program do something, if it is alive."""
        if self._program is None:
            return
        try:
            act(self._program)
        except (Crash, LogError) as end:
            self._buried(end)

    def replace(self) -> P | None:
        """Take the program for dead and start another; the old one comes back: it may be alive."""
        old = self._program
        self._program = None
        self.died()
        self.start()
        return old

    def _buried(self, end: Exception) -> None:
        self._program = None
        self._trace.add(self._scheduler.clock.now, self.name, "died", str(end))
        self.died()
        if self.attempts >= STARTS_MAX:
            raise Violation("comes back after a crash", f"{self.name} always dies: {end!r}")
        self._scheduler.after(self._faults.latency(RESTART_NS_MAX), self.start)
