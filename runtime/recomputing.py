"""The answers of recognisers again, from the bars in the journal, held against what was recorded.

``replay --verify`` takes answers that came through a gateway from the record, so that it needs no
model. Here the models are asked again, and so are the rules.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import zip_longest
from typing import Final

import msgspec

from actors.patterns.candles import UnfitBars
from actors.patterns.deciders import PatternReader
from actors.patterns.recogniser import Question, Recogniser
from actors.patterns.requests import Memories, Request, replies
from runtime.backends import backend_of, journal_of
from runtime.backtesting import known_instruments
from runtime.config import parse_spec
from runtime.home import RunDirectory
from runtime.recognising import Recognising
from runtime.replaying import NotReplayable, started_of, steps_of
from runtime.wiring import wire
from schemas.envelope import Step, carries
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds
from schemas.registry import Payload

TOLERANCE: Final = 1e-6
"""How far a confidence may be from the recorded one: a graphics card adds in another order."""

_OF_THE_MOMENT: Final = ("late", "failed", "out_of_memory", "timeout", "unavailable")
"""Reasons that a recogniser's questions do not decide."""


class AnswerDifference(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not the same; a side is ``None`` where nothing was said."""

    position: str
    recorded: dict[str, object] | None
    recomputed: dict[str, object] | None


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking again.

    Attributes:
        answers: how many there were, on either side.
        differences: those that are not the same.
    """

    answers: int
    differences: list[AnswerDifference]


type _Pair = tuple[str, Payload | None, Payload | None]


type Older = Callable[[str, str], Recogniser | None]
"""A recogniser, by its name, as it was when it answered by a digest; ``None`` if it is gone."""


def recompute_patterns(
    directory: RunDirectory,
    served: Mapping[str, Recogniser],
    older: Older,
) -> Recomputed:
    """Ask the recognisers of a run again.

    Args:
        served: those that answered through a gateway, by name.
        older: those that were swapped out while the run went on, or after it.

    Raises:
        NotReplayable: one of them is not there.
    """
    backend, journal = backend_of(directory), journal_of(directory)
    spec = parse_spec(started_of(journal, directory.run).configuration)
    backtest = wire(spec, known_instruments(backend.market_log(), spec), served)
    return answered_again(steps_of(journal), backtest.recognising, older)


def answered_again(
    steps: Iterable[Step],
    recognising: Recognising,
    older: Older,
    *,
    tolerance: float = TOLERANCE,
) -> Recomputed:
    """All answers in the steps, beside those that the recognisers give now; raises as
    ``recompute_patterns`` does.
    """
    asking = _Asking(recognising, older)
    answers, differences = 0, []
    for step in steps:
        for position, was, now in asking.pairs(step):
            answers += 1
            if not _same(was, now, tolerance):
                differences.append(
                    AnswerDifference(position=position, recorded=_told(was), recomputed=_told(now))
                )
    return Recomputed(answers=answers, differences=differences)


class _Asking:
    """Follows a journal, and asks what was asked there."""

    def __init__(self, recognising: Recognising, older: Older) -> None:
        self._older: Final = cache(older)
        self._readers: Final = [
            each for each in recognising.deciders if isinstance(each, PatternReader)
        ]
        self._recognisers: Final[dict[str, Recogniser]] = {
            each.recogniser.name: each.recogniser for each in recognising.served
        }
        self._memories: Final = Memories(each.watched for each in recognising.asked)
        self._requests: Final[dict[str, Request]] = {}
        self._of_now: Final[list[Request]] = []
        self._now: Nanoseconds = 0
        self._questions: Final[dict[str, Question | UnfitBars]] = {}
        self._answered_last = ""

    def pairs(self, step: Step) -> Iterator[_Pair]:
        """What was said in a step, beside what is said now."""
        given = step.input
        if step.ts > self._now:
            self._put_together()
            self._now = step.ts
        if isinstance(given.payload, Bar):
            self._memories.heard(given.payload)
            yield from self._read(step)
        for output in step.outputs:
            if carries(output, PatternRequested):
                self._requests[output.id] = output
                self._of_now.append(output)
        request = self._requests.get(given.cause)
        if request is not None and isinstance(given.payload, PatternRecognised | PatternAbstained):
            if self._answered_last != request.id:  # An answer may be several events.
                self._questions.pop(self._answered_last, None)
                self._answered_last = request.id
            yield from self._answered(step, request, given.payload)

    def _read(self, step: Step) -> Iterator[_Pair]:
        for reader in self._readers:
            was = [each for each in enumerate(step.events) if each[1].author == reader.author]
            for said, again in zip_longest(was, reader.handle(step.input)):
                position = f"{step.run}:{step.seq}.{said[0] if said else 0}"
                yield position, said[1].payload if said else None, again

    def _answered(
        self, step: Step, request: Request, was: PatternRecognised | PatternAbstained
    ) -> Iterator[_Pair]:
        if isinstance(was, PatternAbstained) and was.reason in _OF_THE_MOMENT:
            return
        name = request.payload.recogniser
        if name not in self._recognisers:
            raise NotReplayable(f"run {step.run}: the recogniser {name!r} is not here to be asked")
        recogniser = self._as_it_was(name, was.model_digest)
        (answer,) = recogniser.recognise([self._question(request)])
        at = request.ts + was.latency
        again = replies(request, answer, at, model_digest=recogniser.model_digest)
        now = {each.id: each.payload for each in again}.get(step.input.id)
        yield f"{step.run}:{step.seq}.0", was, now

    def _question(self, request: Request) -> Question:
        self._put_together()  # It may be answered in the moment in which it was asked.
        question = self._questions[request.id]
        if isinstance(question, UnfitBars):
            raise question
        return question

    def _put_together(self) -> None:
        for request in self._of_now:
            self._questions[request.id] = self._memories.question_or_why(request)
        self._of_now.clear()

    def _as_it_was(self, name: str, digest: str) -> Recogniser:
        now = self._recognisers[name]
        if digest in ("", now.model_digest):
            return now
        return self._older(name, digest) or now


def _told(payload: Payload | None) -> dict[str, object] | None:
    told: dict[str, object] | None = None if payload is None else msgspec.to_builtins(payload)
    return told


def _same(was: Payload | None, now: Payload | None, tolerance: float) -> bool:
    if isinstance(was, PatternRecognised) and isinstance(now, PatternRecognised):
        near = abs(was.confidence - now.confidence) <= tolerance
        return near and msgspec.structs.replace(now, confidence=was.confidence) == was
    return was == now
