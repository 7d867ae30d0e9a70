"""Requests to recognisers behind a gateway: the questions that they mean, and their answers as
inputs of a cell.
"""

from collections.abc import Iterable
from typing import Final

from actors.kit.inputs import Input
from actors.patterns.candles import UnfitBars
from actors.patterns.memory import BarMemory, Stream
from actors.patterns.recogniser import Abstention, Answer, Question, Reply
from schemas.envelope import Event
from schemas.identity import event_id
from schemas.market import Bar
from schemas.pattern import PatternRequested
from schemas.quantities import Nanoseconds

type Request = Event[PatternRequested]


class Memories:
    """What each recogniser of a cell looks at, by following the cell's bars.

    Args:
        watched: for each recogniser, perhaps several times, its streams and how many bars a
            question holds.
    """

    def __init__(self, watched: Iterable[tuple[str, Iterable[Stream], int]]) -> None:
        streams: dict[str, list[Stream]] = {}
        bars: dict[str, int] = {}
        for recogniser, looked_at, held in watched:
            streams.setdefault(recogniser, []).extend(looked_at)
            bars[recogniser] = held
        self._of: Final = {name: BarMemory(streams[name], held) for name, held in bars.items()}

    def heard(self, bar: Bar) -> None:
        """A bar closed."""
        for memory in self._of.values():
            memory.note(bar)

    def question(self, request: Request) -> Question:
        """The question behind a request.

        Raises:
            UnfitBars: these are not the bars that were meant.
        """
        asked, stream = request.payload, Stream.of(request.payload)
        question = self._of[asked.recogniser].beside_others(stream, request.id, request.ts)
        if question.candles.digest() != asked.window_hash:
            raise UnfitBars(
                f"request {request.id}: its {asked.bars} bars are not those that are here"
            )
        return question

    def question_or_why(self, request: Request) -> Question | UnfitBars:
        """As ``question``, for who asks, or complains, later: bars are not kept for long."""
        try:
            return self.question(request)
        except UnfitBars as error:
            return error

    def is_whole(self, request: Request) -> bool:
        """Whether all instruments beside the request's have closed a bar by then."""
        stream = Stream.of(request.payload)
        return self._of[request.payload.recogniser].closed_until(stream.interval) >= request.ts


def replies(
    request: Request, answer: Answer, now: Nanoseconds, *, model_digest: str = ""
) -> list[Input]:
    """An answer as inputs of the cell that asked: one at least, because somebody waits for it."""
    asked = request.payload
    author = f"gateway.{asked.recogniser}"
    reply = Reply(
        request=request.id,
        instrument=asked.instrument,
        interval=asked.interval,
        recogniser=asked.recogniser,
        model_digest=model_digest,
    )
    seen = answer or Abstention(reason="no_pattern")
    return [
        Input(
            id=event_id(author, request.id, ordinal),
            author=author,
            cause=request.id,
            correlation=request.correlation,
            ts=now,
            payload=payload,
        )
        for ordinal, payload in enumerate(reply.payloads(seen, now - request.ts))
    ]
