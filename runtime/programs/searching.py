"""A search as a program: a cell without a market, which proposes candidates and judges them."""

from time import time_ns
from typing import Final

from actors.kit.runner import CellRunner
from runtime.backends import Backend
from runtime.programs.marketless import runner
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import SearchSpec
from runtime.recording import FINISHED


class SearchProgram:
    """Its journal holds every candidate, what each came to, and the verdict.

    It implements ``Program``, and is done when it has judged. Its time is the clock's.
    """

    def __init__(self, spec: SearchSpec, backend: Backend) -> None:
        self._spec: Final = spec
        self._backend: Final = backend
        self._rules: Final = spec.terms.rules()
        self._ingress: Final = backend.ingress(spec.run)
        self._runner: CellRunner | None = None
        self._finished = False

    def start(self) -> None:
        """Fold what is recorded, and propose if nothing was proposed yet.

        Raises:
            LogError: a log cannot be read or written.
        """
        spec = self._spec
        self._runner = runner(
            spec.terms, spec.run, self._rules, self._backend, self._ingress, time_ns
        )
        self._runner.start()

    def turn(self) -> bool:
        """Hear what trials came to; whether there was something.

        Raises:
            LogError: a log cannot be read or written.
        """
        if self._runner is None:
            return False
        heard = self._runner.turn() > 0
        if self._rules.state.complete:
            self.stop(FINISHED)
            self._finished = True
        return heard

    def stop(self, reason: str) -> None:
        if self._runner is not None:
            self._runner.stop(reason)
            self._runner = None
        self.close()

    def close(self) -> None:
        if self._runner is not None:
            self._runner.close()
        self._ingress.close()

    def status(self) -> ProgramStatus:
        book = self._rules.state
        open_trials = len(book.proposed) - len(book.tried)
        return ProgramStatus(
            name=self._spec.name,
            kind="search",
            stage=Stage.FINISHED if self._finished else Stage.RUNNING,
            run=self._spec.run,
            position={self._spec.run: len(book.tried)},
            lag={self._spec.run: open_trials},
            waits_for=f"{open_trials} of {len(book.proposed)} trials" if open_trials else "",
            counters={"candidates": len(book.proposed), "tried": len(book.tried)},
        )
