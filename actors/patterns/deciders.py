"""Recognisers among the deciders of a cell: one that is asked there and then, one that asks."""

from collections.abc import Sequence
from typing import Final

from actors.patterns.recogniser import Abstention, Question, Recogniser, Reply
from actors.patterns.watch import Watch, Watched
from schemas.envelope import AnyEvent
from schemas.market import Bar
from schemas.pattern import PatternRequested
from schemas.quantities import Nanoseconds
from schemas.registry import Payload


class PatternReader:
    """Answers in the step of the bar, by a recogniser that is deterministic and quick.

    Where nothing is seen, nothing is said. Strategies hear of a bar before they hear what was seen
    in it, because answers are handed on after the event that they answer.
    """

    consumes: Final = frozenset[type[Payload]]({Bar})

    def __init__(self, author: str, recogniser: Recogniser, watched: Watched) -> None:
        self.author: Final = author
        self._recogniser: Final = recogniser
        self._watch: Final = Watch(watched)

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """What is seen in the bars up to this one."""
        found, bar = self._watch.closed(event), event.payload
        if found is None or not isinstance(bar, Bar):
            return ()
        reply = Reply(
            request=event.id,
            instrument=bar.instrument,
            interval=bar.interval,
            recogniser=self._recogniser.name,
            model_digest=self._recogniser.model_digest,
        )
        if isinstance(found, Abstention):
            return reply.payloads(found)
        (answer,) = self._recogniser.recognise([found])
        return reply.payloads(answer)

    def learn(self, event: AnyEvent) -> None:
        """Remember the bar."""
        self._watch.closed(event)


class PatternAsker:
    """Asks a recogniser that answers through a gateway; the answer is an input of a later step."""

    consumes: Final = frozenset[type[Payload]]({Bar})

    def __init__(
        self, author: str, recogniser: str, watched: Watched, deadline: Nanoseconds
    ) -> None:
        self.author: Final = author
        self._recogniser: Final = recogniser
        self._watch: Final = Watch(watched)
        self._bars: Final = watched.bars
        self._deadline: Final = deadline

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """The request, or why there is none."""
        found, bar = self._watch.closed(event), event.payload
        if found is None or not isinstance(bar, Bar):
            return ()
        if isinstance(found, Question):
            return (self._request(event, bar, found),)
        reply = Reply(
            request=event.id,
            instrument=bar.instrument,
            interval=bar.interval,
            recogniser=self._recogniser,
        )
        return reply.payloads(found)

    def learn(self, event: AnyEvent) -> None:
        """Remember the bar."""
        self._watch.closed(event)

    def _request(self, event: AnyEvent, bar: Bar, question: Question) -> PatternRequested:
        return PatternRequested(
            instrument=bar.instrument,
            interval=bar.interval,
            price_type=bar.price_type,
            recogniser=self._recogniser,
            bars=self._bars,
            window_hash=question.candles.digest(),
            deadline=event.ts + self._deadline,
        )
