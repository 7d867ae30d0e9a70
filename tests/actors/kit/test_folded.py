"""A decider made of pure rules learns all that it consumes, and is asked about what it answers."""

from collections.abc import Iterable, Sequence

import pytest

from actors.kit.shapes import Folded
from schemas.envelope import AnyEvent, Event
from schemas.market import Observation
from schemas.registry import Payload
from schemas.strategy import StrategyRetired

SAID = StrategyRetired(strategy="old", reason="")
SEEN = Observation(name="rate", value=0.5)


class Echo:
    """Says again whatever it is asked about."""

    author = "echo"
    consumes: frozenset[type[Payload]] = frozenset((Observation, StrategyRetired))
    answers: frozenset[type[Payload]] = frozenset((Observation,))

    def initial(self) -> tuple[Payload, ...]:
        return ()

    def evolve(self, state: tuple[Payload, ...], event: AnyEvent) -> tuple[Payload, ...]:
        return (*state, event.payload)

    def decide(self, state: tuple[Payload, ...], event: AnyEvent) -> Iterable[Payload]:
        assert state[-1] is event.payload, "it is asked on the state that holds the event"
        yield event.payload


def told(payload: Payload) -> AnyEvent:
    return Event(
        id="e", author="world", cause="e", correlation="e", ts=1, ts_recorded=2, payload=payload
    )


@pytest.mark.parametrize(("payload", "answers"), [(SEEN, [SEEN]), (SAID, [])])
def test_it_is_asked_about_what_it_answers_only(
    payload: Payload, answers: Sequence[Payload]
) -> None:
    decider = Folded(Echo())
    assert list(decider.handle(told(payload))) == answers
    assert decider.state == (payload,)


def test_what_is_learned_is_not_asked_about() -> None:
    decider = Folded(Echo())
    decider.learn(told(SEEN))
    assert decider.state == (SEEN,)
