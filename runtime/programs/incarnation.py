"""One life of a program, as every host leads it, and what others see of it."""

import logging
from time import monotonic
from traceback import clear_frames
from typing import Final

from runtime.backends import Backend
from runtime.programs.making import made
from runtime.programs.program import Program, ProgramStatus
from runtime.programs.specs import Assignment, FeedSpec, ProjectorSpec
from runtime.supervision.lifecycle import Seen

_REST_MIN_S: Final = 0.001
_REST_MAX_S: Final = 0.02
_REST_OF_THE_AWAITED_S: Final = 0.001

_log: Final = logging.getLogger("wakeline.programs")


class Incarnation:
    """Belongs to one thread; ``seen`` and ``status`` may be read by others.

    Attributes:
        seen: as of the last finished turn, or how it ended.
        status: what the program said last; asked for once in ``interval_s``.
    """

    def __init__(
        self, assignment: Assignment, interval_s: float = 0.0, backend: Backend | None = None
    ) -> None:
        self._assignment: Final = assignment
        self._interval_s: Final = interval_s
        self._backend: Final = backend
        self._program: Program | None = None
        self._told_at = 0.0
        self._closed = False
        self.seen = Seen()
        self.status: ProgramStatus | None = None

    @property
    def rest(self) -> "Rest":
        """How it pauses between turns: shortly, where somebody waits for it."""
        match self._assignment.program:
            case FeedSpec() | ProjectorSpec():
                return Rest()
            case _:
                return Rest(_REST_OF_THE_AWAITED_S)

    @property
    def over(self) -> bool:
        """Whether it has ended, in order or not."""
        return self._closed or self.seen.ended or bool(self.seen.error)

    def advance(self) -> bool:
        """Begin, or take a turn; whether something was done. An error ends it, and is seen."""
        if self.over:
            return False
        try:
            worked = self._advanced()
            self._tell(at_once=self.status is None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the supervisor is told
            self._failed(error)
            return True
        return worked

    def stop(self, reason: str) -> None:
        """End in order."""
        if self.over:
            return
        try:
            if self._program is not None:
                self._program.stop(reason)
                self._tell(at_once=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the supervisor is told
            self._failed(error)
            return
        # Dropped by the thread that made it: some of what it holds may not be dropped by another.
        self._program = None
        self.seen = Seen(beat=monotonic(), ended=True)

    def close(self) -> None:
        """Let go of everything, as a crash would; nothing is done any more."""
        self._closed = True
        program, self._program = self._program, None
        if program is not None:
            program.close()

    def _advanced(self) -> bool:
        if self._program is None:
            self._program = made(self._assignment, self._backend)
            self._program.start()
            return True
        return self._program.turn()

    def _tell(self, *, at_once: bool) -> None:
        now = monotonic()
        if self._program is not None and (at_once or now - self._told_at >= self._interval_s):
            self.status = self._program.status()
            self._told_at = now
        self.seen = Seen(beat=now)

    def _failed(self, error: Exception) -> None:
        name = self._assignment.program.name
        _log.debug("%s failed", name, exc_info=error)
        try:
            self.close()
        except Exception as another:  # noqa: BLE001 - the first one is what matters
            _log.warning("%s: while it was let go: %s", name, another)
        _clear_frames(error)
        self.seen = Seen(beat=self.seen.beat, error=f"{type(error).__name__}: {error}")


def _clear_frames(error: BaseException | None) -> None:
    """Let a traceback hold nothing of the program: it may be part of a cycle, which any thread may
    drop, and some objects may be dropped by the thread only that made them.
    """
    cleared: list[BaseException] = []  # An error may be its own cause, by way of others.
    while error is not None and error not in cleared:
        clear_frames(error.__traceback__)
        cleared.append(error)
        error = error.__cause__ or error.__context__


class Rest:
    """How long to pause between two turns: not while there is work, and then longer and longer."""

    def __init__(self, longest_s: float = _REST_MAX_S) -> None:
        self._longest_s: Final = longest_s
        self._pause_s = 0.0

    def after(self, *, worked: bool) -> float:
        """Seconds to pause behind a turn: 0, or 1 ms and twice as much each time, up to the longest
        pause, 20 ms by default.
        """
        doubled = min(max(2 * self._pause_s, _REST_MIN_S), self._longest_s)
        self._pause_s = 0.0 if worked else doubled
        return self._pause_s
