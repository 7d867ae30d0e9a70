"""Given, when, then for deciders: the kit checks more than a test asks for.

    given(lambda: EmaCross([eurusd]), *map(closed, bars)).when(closed(last)).then(SignalRaised(...))

With every event of ``when`` the kit also asserts that

- the event and its answers come back equal from the journal's codec;
- the decider did not change the event that it was shown;
- a second decider that only learned the record gives the same answers, and stands in the same state
  before and after: a restart between any two events makes no difference.
"""

from collections.abc import Callable
from typing import Final, Self

from actors.kit.shapes import Decider
from actors.kit.snapshot import snapshot
from events.codecs.json import decode_event, encode_event, encode_payload
from schemas.envelope import AnyEvent, Event
from schemas.identity import bar_id, event_id
from schemas.market import Bar
from schemas.quantities import Nanoseconds
from schemas.registry import Payload


def at(ts: Nanoseconds, payload: Payload, *, author: str = "test") -> AnyEvent:
    """The event that somebody said ``payload`` at market time ``ts``; its id follows from both."""
    name = event_id(author, f"{ts}/{payload.KIND}/{encode_payload(payload).decode()}", 0)
    return _event(name, author, ts, payload)


def closed(bar: Bar) -> AnyEvent:
    """The event that a bar closed, at its close."""
    name = bar_id(bar.instrument, bar.interval, bar.ts_close)
    return _event(name, "market", bar.ts_close, bar)


def given[D: Decider](make: Callable[[], D], *history: AnyEvent) -> "Scenario[D]":
    """A decider that has been through ``history``; ``make`` makes a fresh one at each call."""
    scenario = Scenario(make)
    for event in history:
        scenario.tell(event)
    return scenario


class Scenario[D: Decider]:
    """One decider that is told events one at a time, as a cell would.

    Attributes:
        decider: the decider, to look at.
        answers: its answers to the last event.
    """

    def __init__(self, make: Callable[[], D]) -> None:
        self._make: Final = make
        self._record: Final[list[AnyEvent]] = []
        self.decider: Final = make()
        self.answers: tuple[Payload, ...] = ()

    def when(self, event: AnyEvent) -> Self:
        """Tell it one more event, and check that a restart just before makes no difference."""
        twin = self._rebuilt()
        self._assert_alike(twin, "folding the record")
        self.tell(event)
        if type(event.payload) in twin.consumes:
            again = tuple(twin.handle(decode_event(encode_event(event))))
            assert again == self.answers, f"after a restart: {again}, not {self.answers}"
        self._assert_alike(self._rebuilt(), f"folding {event.kind}")
        return self

    def then(self, *expected: Payload | type[Payload]) -> Self:
        """Its answers are just these, in order; a class stands for any payload of it."""
        fits = len(expected) == len(self.answers) and all(
            isinstance(answer, wanted) if isinstance(wanted, type) else answer == wanted
            for wanted, answer in zip(expected, self.answers, strict=True)
        )
        assert fits, f"expected {_listed(expected)}\nbut it said {_listed(self.answers)}"
        return self

    def tell(self, event: AnyEvent) -> tuple[Payload, ...]:
        """Tell it one more event without the checks that need a second decider."""
        before = encode_event(event)
        assert decode_event(before) == event, f"{event.kind} comes back changed from the codec"
        self.answers = ()
        if type(event.payload) not in self.decider.consumes:
            return self.answers
        self._record.append(event)
        self.answers = tuple(self.decider.handle(event))
        assert encode_event(event) == before, f"the decider changed {event.kind}"
        for ordinal, payload in enumerate(self.answers):
            self._learn_own(event, ordinal, payload)
        return self.answers

    def _learn_own(self, cause: AnyEvent, ordinal: int, payload: Payload) -> None:
        author = self.decider.author
        name = event_id(author, cause.id, ordinal)
        own = _event(name, author, cause.ts, payload, cause=cause.id)
        assert decode_event(encode_event(own)) == own, f"{own.kind} comes back changed"
        if type(payload) in self.decider.consumes:
            self._record.append(own)
            self.decider.learn(own)

    def _rebuilt(self) -> D:
        twin = self._make()
        for event in self._record:
            twin.learn(decode_event(encode_event(event)))
        return twin

    def _assert_alike(self, twin: D, what: str) -> None:
        live, rebuilt = snapshot(self.decider), snapshot(twin)
        assert live == rebuilt, f"{what} leads to another state:\n{rebuilt}\nnot\n{live}"


def _event(
    name: str, author: str, ts: Nanoseconds, payload: Payload, *, cause: str | None = None
) -> AnyEvent:
    return Event(
        id=name,
        author=author,
        cause=cause or name,
        correlation=cause or name,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


def _listed(payloads: tuple[Payload | type[Payload], ...]) -> str:
    return "\n  ".join(("", *map(repr, payloads))) if payloads else "nothing"
