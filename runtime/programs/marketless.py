"""A cell without a market at work: its inputs are what is posted to it."""

from collections.abc import Callable
from time import time_ns
from typing import Final

from actors.kit.runner import CellParts, CellRunner
from actors.kit.sequencer import Identity
from actors.kit.shapes import Decider
from runtime.backends import Backend
from runtime.recording import FINISHED
from runtime.terms import Terms, started
from schemas.quantities import Nanoseconds


class Marketless:
    """Leads the cell from recovery to its end.

    Args:
        rules: those of the terms, whose state the caller wants to see.
        market_clock: what time it is when nothing else says so.

    Attributes:
        finished: whether it has said that nothing will follow.
    """

    def __init__(
        self,
        terms: Terms,
        run: str,
        rules: Decider,
        backend: Backend,
        market_clock: Callable[[], Nanoseconds],
    ) -> None:
        self._parts: Final = CellParts(
            identity=Identity(cell=terms.name, run=run),
            deciders=(rules,),
            journal=backend.journal(terms.name, run),
            ingress=backend.ingress(run),
            started=started(terms),
            recording_clock=time_ns,
            market_clock=market_clock,
        )
        self._runner: CellRunner | None = None
        self.finished = False

    def start(self) -> None:
        """Fold what is recorded, and become live.

        Raises:
            LogError: a log cannot be read or written.
        """
        self._runner = CellRunner(self._parts)
        self._runner.start()

    def turn(self) -> bool:
        """Take what was posted; whether there was something.

        Raises:
            LogError: a log cannot be read or written.
        """
        return self._runner is not None and self._runner.turn() > 0

    def finish(self) -> None:
        """Say that nothing will follow."""
        self.stop(FINISHED)
        self.finished = True

    def stop(self, reason: str) -> None:
        """Say that the end is orderly, unless that was said."""
        if self._runner is not None:
            self._runner.stop(reason)
            self._runner = None
        self.close()

    def close(self) -> None:
        """Let go of the logs, as a crash would."""
        if self._runner is not None:
            self._runner.close()
        self._parts.ingress.close()
