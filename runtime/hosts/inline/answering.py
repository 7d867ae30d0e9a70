"""Recognisers behind a gateway, in a backtest: an answer arrives after a latency in market time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

import msgspec

from actors.kit.inputs import Input, input_of
from actors.patterns.candles import UnfitBars
from actors.patterns.memory import BarMemory, Stream
from actors.patterns.recogniser import Abstention, Answer, Question, Recogniser, Reply
from schemas.envelope import Event, Step
from schemas.identity import event_id
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds

type Request = Event[PatternRequested]

_MS: Final = 1_000_000


class Answering(Protocol):
    """Where the answers to requests come from: they are worked out, or taken from a record."""

    def heard(self, bar: Bar) -> None:
        """A bar closed."""
        ...

    def asked(self, request: Request) -> Nanoseconds | None:
        """Take a request; the market time at which its answer arrives, or ``None`` for never."""
        ...

    def due(self, request: str, now: Nanoseconds) -> Sequence[Input]:
        """The answer to a request, by its id, whose time has come."""
        ...


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """A recogniser that answers through a gateway, and how long it takes in market time."""

    recogniser: Recogniser
    streams: tuple[Stream, ...]
    latency: Nanoseconds


class WorkedOut:
    """Asks the recognisers themselves. All requests of a moment are asked together, when the first
    one's answer is due: by then every bar of that moment has closed.
    """

    def __init__(self, served: Iterable[Served]) -> None:
        self._served: Final = {each.recogniser.name: each for each in served}
        self._memories: Final = {
            name: BarMemory(each.streams, each.recogniser.bars)
            for name, each in self._served.items()
        }
        self._waiting: Final[dict[str, Request]] = {}
        self._answers: Final[dict[str, Answer]] = {}

    def heard(self, bar: Bar) -> None:
        """Remember it for those who look at it."""
        for memory in self._memories.values():
            memory.note(bar)

    def asked(self, request: Request) -> Nanoseconds | None:
        """Keep it until its answer is due."""
        self._waiting[request.id] = request
        return request.ts + self._served[request.payload.recogniser].latency

    def due(self, request: str, now: Nanoseconds) -> Sequence[Input]:
        """The answer; an abstention when it is late, when the recogniser failed, and when there is
        nothing to see, because somebody waits for it.
        """
        asked = self._waiting[request]
        if request not in self._answers:
            self._answer_all_of(asked)
        answer = self._answers.pop(request)
        del self._waiting[request]
        if now > asked.payload.deadline:
            late = (now - asked.payload.deadline) / _MS
            answer = Abstention(reason="late", detail=f"{late:g} ms after the deadline")
        recogniser = self._served[asked.payload.recogniser].recogniser
        return _inputs(recogniser, asked, answer or Abstention(reason="no_pattern"), now)

    def _answer_all_of(self, first: Request) -> None:
        name = first.payload.recogniser
        together = [
            each
            for each in self._waiting.values()
            if (each.payload.recogniser, each.ts) == (name, first.ts)
        ]
        recogniser, memory = self._served[name].recogniser, self._memories[name]
        answers: Sequence[Answer]
        try:
            answers = recogniser.recognise([question_of(memory, each) for each in together])
        except Exception as error:  # noqa: BLE001  # what stops a model does not stop a market
            failed = Abstention(reason="failed", detail=f"{type(error).__name__}: {error}")
            answers = [failed] * len(together)
        for each, answer in zip(together, answers, strict=True):
            self._answers[each.id] = answer


class Recorded:
    """Takes the answers from the steps of a recorded run, at the times that they had there.

    Args:
        otherwise: who answers what the record does not hold, if the record may end before the run.
    """

    def __init__(self, steps: Iterable[Step], otherwise: Answering | None = None) -> None:
        self._otherwise: Final = otherwise
        self._answers: Final[dict[str, list[Input]]] = {}
        for step in steps:
            if isinstance(step.input.payload, PatternRecognised | PatternAbstained):
                self._answers.setdefault(step.input.cause, []).append(input_of(step.input))

    def heard(self, bar: Bar) -> None:
        """Hand it on."""
        if self._otherwise is not None:
            self._otherwise.heard(bar)

    def asked(self, request: Request) -> Nanoseconds | None:
        """When the recorded answer came. A run may have ended before one did."""
        if request.id in self._answers:
            return self._answers[request.id][0].ts
        return None if self._otherwise is None else self._otherwise.asked(request)

    def due(self, request: str, now: Nanoseconds) -> Sequence[Input]:
        """What was recorded."""
        if request in self._answers:
            return self._answers[request]
        assert self._otherwise is not None, "nothing else was promised"
        return self._otherwise.due(request, now)


def question_of(memory: BarMemory, request: Request) -> Question:
    """The question behind a request, put together from the bars of the journal.

    Raises:
        UnfitBars: these are not the bars that were meant.
    """
    asked, stream = request.payload, Stream.of(request.payload)
    question = memory.question(stream, request.id, request.ts)
    if question.candles.digest() != asked.window_hash:
        raise UnfitBars(f"request {request.id}: its {asked.bars} bars are not those that are here")
    return replace(question, peers=memory.peers(stream, request.ts))


def _inputs(
    recogniser: Recogniser, request: Request, answer: Answer, now: Nanoseconds
) -> list[Input]:
    author = f"gateway.{recogniser.name}"
    reply = Reply(
        request=request.id,
        instrument=request.payload.instrument,
        interval=request.payload.interval,
        recogniser=recogniser.name,
        model_digest=recogniser.model_digest,
    )
    return [
        Input(
            id=event_id(author, request.id, ordinal),
            author=author,
            cause=request.id,
            correlation=request.correlation,
            ts=now,
            payload=payload,
        )
        for ordinal, payload in enumerate(reply.payloads(answer, now - request.ts))
    ]
