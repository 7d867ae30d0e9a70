"""Programs on the caller's thread, one turn each in turn: for tests, and for small things."""

from time import monotonic, sleep
from typing import Final

from runtime.backends import Backend
from runtime.programs.making import made
from runtime.programs.program import Program, ProgramStatus
from runtime.programs.specs import Assignment
from runtime.supervision.lifecycle import Seen
from runtime.supervision.worker import Report

TURNS: Final = 16
"""Rounds in which everybody has a turn, before the supervisor looks again."""


class InlineWorker:
    """A program that takes a turn when it is told. It implements ``Worker``."""

    def __init__(self, assignment: Assignment, backend: Backend | None) -> None:
        self._assignment: Final = assignment
        self._backend: Final = backend
        self._program: Program | None = None
        self._seen = Seen()
        self._status: ProgramStatus | None = None
        self._stop: str | None = None

    def turn(self) -> bool:
        """A turn, or what comes before or after it; whether something was done."""
        if self._seen.error or self._seen.ended:
            return False
        try:
            return self._advanced()
        except Exception as error:  # noqa: BLE001 - whatever it is, the supervisor is told
            self._seen = Seen(beat=self._seen.beat, error=f"{type(error).__name__}: {error}")
            self.kill()
            return True

    def report(self) -> Report:
        return Report(seen=self._seen, status=self._status, place="this thread")

    def stop(self, reason: str) -> None:
        self._stop = reason

    def kill(self) -> bool:
        program, self._program = self._program, None
        if program is not None:
            program.close()
        return True

    def _advanced(self) -> bool:
        if self._stop is not None:
            if self._program is not None:
                self._program.stop(self._stop)
                self._status = self._program.status()
            self._seen = Seen(beat=monotonic(), ended=True)
            return True
        if self._program is None:
            self._program = made(self._assignment, self._backend)
            self._program.start()
        worked = self._program.turn()
        self._seen = Seen(beat=monotonic())
        self._status = self._program.status()
        return worked


class InlineHost:
    """It implements ``Host``; while it waits, everybody works.

    Args:
        backend: the logs, where they are in memory.
    """

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend: Final = backend
        self._workers: list[InlineWorker] = []

    def launch(self, assignment: Assignment) -> InlineWorker:
        worker = InlineWorker(assignment, self._backend)
        self._workers.append(worker)
        return worker

    def wait(self, seconds: float) -> None:
        for _ in range(TURNS):
            if not sum(worker.turn() for worker in self._workers):
                sleep(seconds)
                return

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
