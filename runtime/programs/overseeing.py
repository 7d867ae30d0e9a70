"""The firm's risk as a program: a cell without a market, which hears what others are worth."""

from collections.abc import Iterator
from typing import Final

from actors.kit.carrier import Carrier, as_first_cause
from actors.risk.firm import CELL, author_of
from runtime.backends import Backend
from runtime.programs.ending import ending_of
from runtime.programs.marketless import Marketless
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import FirmSpec
from schemas.envelope import AnyEvent, Step
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued


class _Member:
    """A cell of the firm: its journal, the way from it, and the way to it.

    Attributes:
        ended: why it stopped for good; empty while it goes on.
    """

    def __init__(self, spec: FirmSpec, backend: Backend, cell: str, run: str) -> None:
        self.run: Final = run
        self.journal: Final = backend.journal(cell, run)
        self.heard: Final = Carrier(self.journal, backend.ingress(spec.run), run, self._worth)
        said, hears = backend.journal(spec.name, spec.run), backend.ingress(cell)
        self.told: Final = Carrier(said, hears, spec.run, self._commands)
        self.ended = ""
        self._cell: Final = cell

    def close(self) -> None:
        """Let go of both ways."""
        self.heard.close()
        self.told.close()

    def _worth(self, step: Step) -> Iterator[AnyEvent]:
        self.ended = ending_of(step)
        for event in step.outputs:
            if isinstance(event.payload, PortfolioValued):
                yield as_first_cause(event, f"{self.run}/{event.id}", author_of(self._cell))

    def _commands(self, step: Step) -> Iterator[AnyEvent]:
        for event in step.outputs:
            told = event.payload
            if isinstance(told, OperatorCommanded) and told.arguments[CELL] == self._cell:
                yield as_first_cause(event, event.id, event.author)


class FirmProgram:
    """Carries valuations into the firm's journal, and its commands into the cells.

    It implements ``Program``, and is done when its cells are.
    """

    def __init__(self, spec: FirmSpec, backend: Backend) -> None:
        self._spec: Final = spec
        self._backend: Final = backend
        self._rules: Final = spec.terms.rules()
        # Its time is that of the cells, which it hears from them.
        self._cell: Final = Marketless(spec.terms, spec.run, self._rules, backend, lambda: 0)
        self._members: list[_Member] = []

    def start(self) -> None:
        """Fold what is recorded; ways to cells are opened behind that.

        Raises:
            LogError: a log cannot be read or written.
        """
        self._cell.start()
        self._members = [
            _Member(self._spec, self._backend, cell, run) for cell, run in self._spec.terms.cells
        ]

    def turn(self) -> bool:
        """Hear, decide, and tell; say so when there is nobody left to hear.

        Raises:
            LogError: a log cannot be read or written.
        """
        if self._cell.finished:
            return False
        heard = [member.heard.turn() for member in self._members]
        decided = self._cell.turn()
        told = [member.told.turn() for member in self._members]
        worked = any(heard) or decided or any(told)
        if not worked and all(member.ended for member in self._members):
            self._cell.finish()
        return worked

    def stop(self, reason: str) -> None:
        self._cell.stop(reason)
        self.close()

    def close(self) -> None:
        for member in self._members:
            member.close()
        self._cell.close()

    def status(self) -> ProgramStatus:
        members = self._members
        position = {each.run: each.heard.position for each in members}
        book = self._rules.state
        return ProgramStatus(
            name=self._spec.name,
            kind="firm",
            stage=Stage.FINISHED if self._cell.finished else Stage.RUNNING,
            position=position,
            lag={each.run: each.journal.end() - position[each.run] for each in members},
            waits_for="" if book.standing is not None else "a valuation of every cell",
            last_decision=f"risk is {book.mode}",
            counters={
                "valuations": sum(each.heard.carried for each in members),
                "commands": sum(each.told.carried for each in members),
            },
        )
