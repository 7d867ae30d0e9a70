"""Programs on the caller's thread, one turn each in turn: for tests, and for small things."""

from time import sleep
from typing import Final

from runtime.backends import Backend
from runtime.programs.incarnation import Incarnation
from runtime.programs.specs import Assignment
from runtime.supervision.worker import Report

ROUNDS: Final = 16
"""Rounds in which everybody has a turn, before the supervisor looks again."""


class InlineWorker:
    """Takes a turn when it is told. It implements ``Worker``."""

    def __init__(self, assignment: Assignment, backend: Backend | None) -> None:
        self._life: Final = Incarnation(assignment, backend=backend)

    def turn(self) -> bool:
        """A turn; whether something was done."""
        return self._life.advance()

    def report(self) -> Report:
        return Report(seen=self._life.seen, status=self._life.status, place="this thread")

    def stop(self, reason: str) -> None:
        self._life.stop(reason)

    def kill(self) -> bool:
        self._life.close()
        return True


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
        for _ in range(ROUNDS):
            if not sum(worker.turn() for worker in self._workers):
                sleep(seconds)
                return

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
