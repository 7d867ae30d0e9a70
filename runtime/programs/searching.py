"""A search as a program: a cell without a market, which proposes candidates and judges them."""

from time import time_ns
from typing import Final

from runtime.backends import Backend
from runtime.programs.marketless import Marketless
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import SearchSpec


class SearchProgram:
    """Its journal holds every candidate, what each came to, and the verdict.

    It implements ``Program``, and is done when it has judged. Its time is the clock's.
    """

    def __init__(self, spec: SearchSpec, backend: Backend) -> None:
        self._spec: Final = spec
        self._rules: Final = spec.terms.rules()
        self._cell: Final = Marketless(spec.terms, spec.run, self._rules, backend, time_ns)

    def start(self) -> None:
        """Fold what is recorded, and propose if nothing was proposed yet.

        Raises:
            LogError: a log cannot be read or written.
        """
        self._cell.start()

    def turn(self) -> bool:
        """Hear what trials came to; whether there was something.

        Raises:
            LogError: a log cannot be read or written.
        """
        if self._cell.finished:
            return False
        heard = self._cell.turn()
        if self._rules.state.complete:
            self._cell.finish()
        return heard

    def stop(self, reason: str) -> None:
        self._cell.stop(reason)

    def close(self) -> None:
        self._cell.close()

    def status(self) -> ProgramStatus:
        book = self._rules.state
        open_trials = len(book.proposed) - len(book.tried)
        return ProgramStatus(
            name=self._spec.name,
            kind="search",
            stage=Stage.FINISHED if self._cell.finished else Stage.RUNNING,
            run=self._spec.run,
            position={self._spec.run: len(book.tried)},
            lag={self._spec.run: open_trials},
            waits_for=f"{open_trials} of {len(book.proposed)} trials" if open_trials else "",
            counters={"candidates": len(book.proposed), "tried": len(book.tried)},
        )
