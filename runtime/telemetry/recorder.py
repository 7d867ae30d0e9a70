"""The thread behind a cell: takes what was noted and sees to it, so that the cell need not."""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Final

from runtime.telemetry.taken import Noted

CAPACITY: Final = 16_384
"""Notes that may wait: the steps of some seconds. Beyond that they are dropped, and counted."""

PAUSE_S: Final = 0.05


class Recorder:
    """A queue with a thread at its end. ``note`` never waits, whatever the thread is doing.

    Args:
        see_to: called with what was noted, on the thread.
        capacity: notes that may wait.
    """

    def __init__(
        self, see_to: Callable[[Sequence[Noted]], None], *, capacity: int = CAPACITY
    ) -> None:
        self._see_to: Final = see_to
        self._capacity: Final = capacity
        self._queue: Final[deque[Noted]] = deque()
        self._over: Final = Event()
        self._thread: Final = Thread(target=self._work, name="telemetry", daemon=True)
        self.dropped = 0
        self._thread.start()

    def __len__(self) -> int:
        return len(self._queue)

    def note(self, noted: Noted) -> None:
        """Leave a note, or drop it where too many wait."""
        if len(self._queue) >= self._capacity:
            self.dropped += 1
            return
        self._queue.append(noted)

    def close(self, patience_s: float) -> None:
        """See to what is left, for so long; what then still waits is dropped and counted."""
        self._over.set()
        self._thread.join(patience_s)
        self.dropped += len(self._queue)

    def _work(self) -> None:
        while True:
            last = self._over.wait(PAUSE_S)
            # What is noted while this round works waits for the next one.
            waiting = [self._queue.popleft() for _ in range(len(self._queue))]
            if waiting:
                self._see_to(waiting)
            if last and not self._queue:
                return
