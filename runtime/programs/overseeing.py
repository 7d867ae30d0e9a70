"""The firm's risk as a program: a cell without a market, which hears what others are worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import time_ns
from typing import Final

from actors.kit.carrier import Carrier, as_first_cause
from actors.kit.runner import CellParts, CellRunner
from actors.kit.sequencer import Identity
from actors.kit.shapes import Folded
from actors.risk.firm import CELL, FirmRisk, author_of
from events.journal import Journal
from runtime.backends import Backend
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.projecting import has_ended
from runtime.programs.specs import FirmSpec
from runtime.started import started_by
from schemas.envelope import AnyEvent, Step
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued


@dataclass(frozen=True, slots=True)
class _Member:
    """A cell of the firm: its journal, the way from it, and the way to it."""

    run: str
    journal: Journal
    heard: Carrier
    told: Carrier


class FirmProgram:
    """Carries valuations into the firm's journal, and its commands into the cells.

    It implements ``Program``. Its journal and ingress are named by its book, and belong to no run.
    """

    def __init__(self, spec: FirmSpec, backend: Backend) -> None:
        self._spec: Final = spec
        self._backend: Final = backend
        self._rules: Final = Folded(
            FirmRisk(spec.name, [cell for cell, _ in spec.cells], spec.limits)
        )
        self._ingress: Final = backend.ingress(spec.book)
        self._runner: CellRunner | None = None
        self._members: list[_Member] = []

    def start(self) -> None:
        """Fold what is recorded; ways to cells are opened behind that.

        Raises:
            LogError: a log cannot be read or written.
        """
        spec, backend = self._spec, self._backend
        self._runner = runner = CellRunner(
            CellParts(
                identity=Identity(cell=spec.book, run=""),
                deciders=(self._rules,),
                journal=backend.journal(spec.book),
                ingress=self._ingress,
                started=started_by(self._rules.author, (spec.cells, spec.limits)),
                recording_clock=time_ns,
                market_clock=lambda: 0,  # It sets no timers.
            )
        )
        runner.start()
        self._members = [self._member(cell, run) for cell, run in spec.cells]

    def turn(self) -> bool:
        """Hear, decide, and tell.

        Raises:
            LogError: a log cannot be read or written.
        """
        assert self._runner is not None, "it was started"
        heard = [member.heard.turn() for member in self._members]
        decided = self._runner.turn()
        told = [member.told.turn() for member in self._members]
        return any(heard) or bool(decided) or any(told)

    def stop(self, reason: str) -> None:
        if self._runner is not None:
            self._runner.stop(reason)
            self._runner = None
        self.close()

    def close(self) -> None:
        for member in self._members:
            member.heard.close()
            member.told.close()
        self._members = []
        if self._runner is not None:
            self._runner.close()
        self._ingress.close()

    def status(self) -> ProgramStatus:
        members = self._members
        over = bool(members) and all(has_ended(each.journal) for each in members)
        position = {each.run: each.heard.position for each in members}
        book = self._rules.state
        return ProgramStatus(
            name=self._spec.name,
            kind="firm",
            stage=Stage.FINISHED if over else Stage.RUNNING,
            position=position,
            lag={each.run: each.journal.end() - position[each.run] for each in members},
            waits_for="" if book.standing is not None else "a valuation of every cell",
            last_decision=f"risk is {book.mode}",
            counters={
                "valuations": sum(each.heard.carried for each in members),
                "commands": sum(each.told.carried for each in members),
            },
        )

    def _member(self, cell: str, run: str) -> _Member:
        spec, backend = self._spec, self._backend
        journal = backend.journal(cell, run)

        def worth(step: Step) -> Iterator[AnyEvent]:
            for event in step.outputs:
                if isinstance(event.payload, PortfolioValued):
                    yield as_first_cause(event, f"{run}/{event.id}", author_of(cell))

        def commands(step: Step) -> Iterator[AnyEvent]:
            for event in step.outputs:
                told = event.payload
                if isinstance(told, OperatorCommanded) and told.arguments[CELL] == cell:
                    yield as_first_cause(event, event.id, event.author)

        return _Member(
            run=run,
            journal=journal,
            heard=Carrier(journal, backend.ingress(spec.book), run, worth),
            told=Carrier(backend.journal(spec.book), backend.ingress(cell), spec.book, commands),
        )
