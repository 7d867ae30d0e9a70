"""What a cell has asked and nobody has answered yet, by following its journal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from actors.patterns.candles import UnfitBars
from actors.patterns.recogniser import Question
from actors.patterns.requests import Memories, Request
from runtime.inference.shelf import Wish
from runtime.recognising import Recognising
from schemas.cell import CellStopped
from schemas.envelope import Step, carries
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds

GRACE_S: Final = 0.005
"""How long a request waits for bars of other instruments that may close in its moment."""


@dataclass(frozen=True, slots=True)
class Due:
    """A request, and the question that it means; or why it means none."""

    request: Request
    question: Question | UnfitBars


class Owed:
    """Folds a cell's steps. Questions are put together as soon as their moment is over, because
    bars are not kept for long.

    Args:
        since: market time that the journal had reached before. What was to be answered until then
            is not asked any more.

    Attributes:
        now: market time of the newest step.
        stopped: why the cell stopped last; empty while it is at work.
    """

    def __init__(
        self,
        recognising: Recognising,
        since: Nanoseconds = 0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._memories: Final = Memories(each.watched for each in recognising.asked)
        self._wishes: Final[Mapping[tuple[str, str], Wish]] = {
            (each.config.use, each.config.interval): Wish(
                use=each.config.use,
                interval=each.config.interval,
                instruments=len(each.streams),
                configs=recognising.configs,
            )
            for each in recognising.asked
        }
        self._since: Final = since
        self._clock: Final = clock
        self._of_now: Final[dict[str, Request]] = {}
        self._asked_at = 0.0
        self._due: Final[dict[str, Due]] = {}
        self.now: Nanoseconds = 0
        self.stopped = ""

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What the cell asks."""
        return tuple(self._wishes.values())

    def learn(self, step: Step) -> None:
        """Note a step."""
        if step.ts > self.now:
            self._put_together(tuple(self._of_now.values()))
            self.now = step.ts
        payload = step.input.payload
        self.stopped = payload.reason if isinstance(payload, CellStopped) else ""
        if isinstance(payload, Bar):
            self._memories.heard(payload)
        elif isinstance(payload, PatternRecognised | PatternAbstained):
            self._of_now.pop(step.input.cause, None)
            self._due.pop(step.input.cause, None)
        for output in step.outputs:
            if carries(output, PatternRequested) and output.payload.deadline >= self._since:
                self._of_now[output.id] = output
                self._asked_at = self._clock()

    def take_due(self) -> list[tuple[Wish, list[Due]]]:
        """What can be asked now, the questions of a moment together; each is given once.

        What is past its deadline is passed over: the cell itself says that it is late.
        """
        in_time = self._clock() - self._asked_at < GRACE_S
        self._put_together(
            request
            for request in tuple(self._of_now.values())
            if self._memories.is_whole(request) or not in_time
        )
        moments: dict[tuple[str, str, Nanoseconds], list[Due]] = {}
        for due in self._due.values():
            asked = due.request.payload
            if asked.deadline >= self.now:
                moment = (asked.recogniser, asked.interval, due.request.ts)
                moments.setdefault(moment, []).append(due)
        self._due.clear()
        return [(self._wishes[moment[:2]], together) for moment, together in moments.items()]

    def _put_together(self, requests: Iterable[Request]) -> None:
        for request in requests:
            del self._of_now[request.id]
            self._due[request.id] = Due(request, self._memories.question_or_why(request))
