"""What tries the candidates of a search, one after the other, as a program."""

from collections.abc import Mapping
from time import time_ns
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from actors.patterns.recogniser import Recogniser
from events.codecs.json import decode_step
from events.errors import LogError, NotFound
from events.journal import JournalTail
from runtime.backends import Backend
from runtime.programs.ending import ending_of
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import TrialsSpec
from runtime.synthesis.trial import Trial
from schemas.envelope import Event, Step, carries
from schemas.strategy import StrategyEvaluated, StrategyProposed, StrategyRetired

type Proposal = Event[StrategyProposed]


class TrialsProgram:
    """Follows the journal of a search, and posts what its share of the candidates comes to.

    It implements ``Program``. What is left to be tried stands in the journal, so that another
    incarnation tries what this one did not; a search takes the first answer about a candidate.

    Args:
        served: recognisers that answer through a gateway, by name.
    """

    def __init__(
        self,
        spec: TrialsSpec,
        backend: Backend,
        served: Mapping[str, Recogniser] = MappingProxyType({}),
    ) -> None:
        self._spec: Final = spec
        self._served: Final = served
        self._market_log: Final = backend.market_log()
        self._tail: Final[JournalTail] = backend.journal(spec.terms.name, spec.run).tail()
        self._ingress: Final = backend.ingress(spec.run)
        self._writer: Final = f"{spec.name}/{uuid4().hex[:12]}"
        self._left: Final[dict[str, Proposal]] = {}
        self._at: tuple[Proposal, Trial] | None = None
        self._proposed = 0
        self._position = 0
        self._posted = 0
        self._failed = 0
        self._over = False

    def start(self) -> None:
        """Candidates are read when they are there."""

    def turn(self) -> bool:
        """Read on, and try for a moment; whether there was something to do.

        Raises:
            LogError: a log cannot be read or written.
        """
        worked = self._read()
        if self._at is None:
            return self._begin() or worked
        proposal, trial = self._at
        try:
            if not trial.turn():
                self._end(proposal, trial.came_to())
        except LogError:
            raise
        except Exception as error:  # noqa: BLE001 - a candidate may be wrong in any way
            self._end(proposal, _failed(proposal, error))
        return True

    def stop(self, reason: str) -> None:  # noqa: ARG002 - what is left is tried by who comes next
        self.close()

    def close(self) -> None:
        if self._at is not None:
            self._at[1].close()
            self._at = None
        self._tail.close()
        self._ingress.close()

    def status(self) -> ProgramStatus:
        missing = ", ".join(self._unsealed()) if self._left and self._at is None else ""
        return ProgramStatus(
            name=self._spec.name,
            kind="trials",
            run=self._spec.run,
            stage=Stage.FINISHED if self._over else Stage.RUNNING,
            position={self._spec.run: self._position},
            lag={self._spec.run: len(self._left)},
            waits_for=f"the whole market of {missing}" if missing else "",
            counters={"tried": self._posted, "failed": self._failed},
        )

    def _read(self) -> bool:
        before = self._position
        for record in self._tail.unread(asking=False):
            self._learn(decode_step(record.body))
            self._position = record.seq + 1
        return self._position > before

    def _learn(self, step: Step) -> None:
        self._over = ending_of(step) != ""
        self._left.pop(step.input.cause, None)
        for event in step.outputs:
            if carries(event, StrategyProposed):
                place, members = self._spec.share
                if self._proposed % members == place:
                    self._left[event.id] = event
                self._proposed += 1

    def _begin(self) -> bool:
        """Take the next candidate, once its market is there."""
        if not self._left or self._unsealed():
            return False
        proposal = next(iter(self._left.values()))
        try:
            trial = Trial(self._spec.terms, proposal.payload, self._market_log, self._served)
        except LogError:
            raise
        except Exception as error:  # noqa: BLE001 - a candidate may be wrong in any way
            self._post(proposal, _failed(proposal, error))
        else:
            self._at = (proposal, trial)
        return True

    def _end(self, proposal: Proposal, said: StrategyEvaluated | StrategyRetired) -> None:
        assert self._at is not None, "it has begun"
        self._at[1].close()
        self._at = None
        self._post(proposal, said)

    def _post(self, proposal: Proposal, said: StrategyEvaluated | StrategyRetired) -> None:
        now = time_ns()
        event = Event(
            id=f"{proposal.id}/trial",
            author=f"trials.{self._spec.name}",
            cause=proposal.id,
            correlation=proposal.correlation,
            ts=now,
            ts_recorded=now,
            payload=said,
        )
        self._ingress.post(self._writer, self._posted, event)
        self._posted += 1
        self._failed += isinstance(said, StrategyRetired)
        self._left.pop(proposal.id, None)

    def _unsealed(self) -> list[str]:
        """Sources that are not whole yet."""
        return [each for each in self._spec.terms.spec.sources if not self._is_whole(each)]

    def _is_whole(self, source: str) -> bool:
        try:
            return self._market_log.sealed(source)
        except NotFound:
            return False


def _failed(proposal: Proposal, error: Exception) -> StrategyRetired:
    reason = f"its trial failed: {type(error).__name__}: {error}"
    return StrategyRetired(strategy=proposal.payload.strategy, reason=reason)
