"""Recognisers behind a gateway, in a backtest: an answer arrives after a latency in market time."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import msgspec

from actors.kit.inputs import Input, input_of
from actors.patterns.memory import Stream
from actors.patterns.recogniser import Abstention, Answer, Recogniser
from actors.patterns.requests import Memories, Request, replies
from runtime.hosts.inline.awaited import patience_ends
from schemas.envelope import Step
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised
from schemas.quantities import Nanoseconds

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

    def arrived(self, given: Input, writer: str) -> Input | None:
        """What is to be taken of an answer that a writer posted; ``None`` if nobody waits for it.

        Args:
            given: the answer, at the market time at which it would be taken.
        """
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

    def __init__(self, served: Sequence[Served]) -> None:
        self._recognisers: Final = {each.recogniser.name: each.recogniser for each in served}
        self._latencies: Final = {
            (each.recogniser.name, stream): each.latency
            for each in served
            for stream in each.streams
        }
        self._memories: Final = Memories(
            (each.recogniser.name, each.streams, each.recogniser.bars) for each in served
        )
        self._waiting: Final[dict[str, Request]] = {}
        self._answers: Final[dict[str, Answer]] = {}

    def heard(self, bar: Bar) -> None:
        """Remember it for those who look at it."""
        self._memories.heard(bar)

    def asked(self, request: Request) -> Nanoseconds | None:
        """Keep it until its answer is due."""
        self._waiting[request.id] = request
        asked = request.payload
        return request.ts + self._latencies[asked.recogniser, Stream.of(asked)]

    def arrived(self, given: Input, writer: str) -> None:
        """Nobody else was asked."""

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
        digest = self._recognisers[asked.payload.recogniser].model_digest
        return replies(asked, answer, now, model_digest=digest)

    def _answer_all_of(self, first: Request) -> None:
        name = first.payload.recogniser
        together = [
            each
            for each in self._waiting.values()
            if (each.payload.recogniser, each.ts) == (name, first.ts)
        ]
        answers: Sequence[Answer]
        try:
            questions = [self._memories.question(each) for each in together]
            answers = self._recognisers[name].recognise(questions)
        except Exception as error:  # noqa: BLE001  # what stops a model does not stop a market
            failed = Abstention(reason="failed", detail=f"{type(error).__name__}: {error}")
            answers = [failed] * len(together)
        for each, answer in zip(together, answers, strict=True):
            self._answers[each.id] = answer


class Recorded:
    """Takes the answers from the steps of a recorded run, at the times that they had there. Those
    that came through the ingress are given again from there.

    Args:
        otherwise: who answers what the record does not hold, if the record may end before the run.
    """

    def __init__(self, steps: Iterable[Step], otherwise: Answering | None = None) -> None:
        self._otherwise: Final = otherwise
        self._answers: Final[dict[str, list[Input]]] = {}
        self._given: Final[set[str]] = set()
        for step in steps:
            if not isinstance(step.input.payload, PatternRecognised | PatternAbstained):
                continue
            if step.origin is not None:
                self._given.add(step.input.cause)
            else:
                self._answers.setdefault(step.input.cause, []).append(input_of(step.input))

    def heard(self, bar: Bar) -> None:
        """Hand it on."""
        if self._otherwise is not None:
            self._otherwise.heard(bar)

    def asked(self, request: Request) -> Nanoseconds | None:
        """When the recorded answer came. A run may have ended before one did."""
        if request.id in self._answers:
            return self._answers[request.id][0].ts
        if self._otherwise is not None:
            return self._otherwise.asked(request)
        return patience_ends(request) if request.id in self._given else None

    def due(self, request: str, now: Nanoseconds) -> Sequence[Input]:
        """What was recorded."""
        if request in self._answers:
            return self._answers[request]
        return () if self._otherwise is None else self._otherwise.due(request, now)

    def arrived(self, given: Input, writer: str) -> Input | None:
        """As it was; what a gateway says anew is for the other."""
        return given if self._otherwise is None else self._otherwise.arrived(given, writer)
