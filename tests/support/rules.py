"""Given, when, then for pure deciders; it checks more than it is asked.

Every event goes through the codec and must come back equal. Every state is compared with a copy
made before the rules were asked, so a mutation is seen. In the end a second decider folds what
was recorded and must stand in the same state: that is recovery.
"""

from copy import deepcopy
from typing import Self

from actors.kit.shapes import Rules
from events.codecs.json import decode_event, encode_event
from schemas.envelope import AnyEvent, Event
from schemas.identity import event_id
from schemas.registry import Payload


class Scenario[S]:
    """One decider, told events one at a time."""

    def __init__(self, rules: Rules[S]) -> None:
        self.rules = rules
        self.state = rules.initial()
        self.ts = 0
        self.last_id = ""
        self._number = 0
        self._recorded: list[AnyEvent] = []

    def given(self, *payloads: Payload) -> Self:
        """What was said before, by others; the answers to it do not matter."""
        for payload in payloads:
            self.when(payload)
        return self

    def at(self, ts: int) -> Self:
        """Market time moves to ``ts``."""
        self.ts = ts
        return self

    def when(self, payload: Payload, *, author: str = "somebody") -> list[Payload]:
        """Tell one event, and return the answers."""
        self._number += 1
        self.last_id = name = event_id("test", str(self._number), 0)
        return self.tell(
            Event(
                id=name,
                author=author,
                cause=name,
                correlation=name,
                ts=self.ts,
                ts_recorded=self.ts,
                payload=payload,
            )
        )

    def tell(self, event: AnyEvent) -> list[Payload]:
        """Tell one event with its envelope, and return the answers."""
        if type(event.payload) not in self.rules.consumes:
            return []
        self._learn(event)
        if type(event.payload) not in self.rules.answers:
            return []
        before = deepcopy(self.state)
        answers = list(self.rules.decide(self.state, event))
        assert self.state == before, "decide changed the state"
        assert list(self.rules.decide(self.state, event)) == answers, "decide is not a function"
        for ordinal, answer in enumerate(answers):
            self._say(event, ordinal, answer)
        return answers

    def assert_recovers(self) -> None:
        """Folding the record leads to the same state."""
        state = self.rules.initial()
        for event in self._recorded:
            state = self.rules.evolve(state, decode_event(encode_event(event)))
        assert state == self.state

    def _say(self, cause: AnyEvent, ordinal: int, payload: Payload) -> None:
        own = Event(
            id=event_id(self.rules.author, cause.id, ordinal),
            author=self.rules.author,
            cause=cause.id,
            correlation=cause.correlation,
            ts=cause.ts,
            ts_recorded=cause.ts_recorded,
            payload=payload,
        )
        assert decode_event(encode_event(own)) == own
        if type(payload) in self.rules.consumes:
            self._learn(own)

    def _learn(self, event: AnyEvent) -> None:
        assert decode_event(encode_event(event)) == event
        before = deepcopy(self.state)
        after = self.rules.evolve(self.state, event)
        assert self.state == before, "evolve changed the state it was given"
        self.state = after
        self._recorded.append(event)
