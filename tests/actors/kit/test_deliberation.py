"""Everything that follows from one event, in one order, live and folded alike."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from actors.kit import deliberation
from actors.kit.deliberation import Deliberation, Runaway
from actors.kit.sequencer import Sequencer
from events.backends.memory.journal import MemoryJournal
from schemas.envelope import AnyEvent, Event, Step
from schemas.identity import event_id
from schemas.market import Observation
from schemas.registry import Payload
from schemas.strategy import StrategyRetired
from tests.actors.kit.cells import IDENTITY
from tests.actors.kit.networks import NETWORKS, TALKS, Character, Node, given, inputs, nodes


class Speaker:
    """Answers every observation in its own words."""

    def __init__(
        self, author: str, words: Callable[[AnyEvent], Sequence[Payload]], *hears: type[Payload]
    ) -> None:
        self.author = author
        self.consumes = frozenset(hears or (Observation,))
        self.heard: list[str] = []
        self._words = words

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.heard.append(f"handle {event.payload}")
        return self._words(event)

    def learn(self, event: AnyEvent) -> None:
        self.heard.append(f"learn {event.payload}")


def observed(name: str) -> AnyEvent:
    return Event(
        id=name,
        author="world",
        cause=name,
        correlation="chain",
        ts=7,
        ts_recorded=8,
        payload=Observation(name=name, value=0.0),
    )


def silent(_: AnyEvent) -> Sequence[Payload]:
    return ()


def retires(*names: str) -> Callable[[AnyEvent], Sequence[Payload]]:
    return lambda _: [StrategyRetired(strategy=name, reason="") for name in names]


def said_in(event: AnyEvent) -> str:
    match event.payload:
        case StrategyRetired(strategy=name) | Observation(name=name):
            return name
        case other:
            raise AssertionError(f"nobody says {other}")


def taken(deciders: Sequence[Node], kinds: Sequence[int]) -> list[Step]:
    sequencer = Sequencer(
        IDENTITY,
        Deliberation(deciders),
        MemoryJournal().open(),
        epoch=1,
        recording_clock=lambda: 0,
    )
    steps = [sequencer.take(each) for each in inputs(kinds)]
    return [step for step in steps if step is not None]


def test_an_answer_is_named_by_its_author_cause_and_ordinal() -> None:
    first, second = Deliberation([Speaker("a", retires("x", "y"))]).answers(observed("o"), 9)
    assert (first.id, second.id) == (event_id("a", "o", 0), event_id("a", "o", 1))
    assert (first.author, first.cause, first.correlation) == ("a", "o", "chain")
    assert (first.ts, first.ts_recorded) == (7, 9)


def test_deciders_are_asked_in_their_order_and_events_first_in_first_out() -> None:
    def to_the_world(*names: str) -> Callable[[AnyEvent], Sequence[Payload]]:
        return lambda event: retires(*names)(event) if event.author == "world" else ()

    def echo(event: AnyEvent) -> Sequence[Payload]:
        assert isinstance(event.payload, StrategyRetired)
        return [Observation(name=f"echo of {event.payload.strategy}", value=0.0)]

    deciders = [
        Speaker("a", to_the_world("a1", "a2")),
        Speaker("b", to_the_world("b1")),
        Speaker("echo", echo, StrategyRetired),
    ]
    answers = Deliberation(deciders).answers(observed("o"), 0)
    assert [said_in(answer) for answer in answers] == [
        "a1",
        "a2",
        "b1",
        "echo of a1",
        "echo of a2",
        "echo of b1",
    ]


def test_a_decider_learns_its_own_answers_before_anybody_else_is_asked() -> None:
    order: list[str] = []

    class Logged(Speaker):
        def handle(self, event: AnyEvent) -> Sequence[Payload]:
            order.append(f"{self.author} handles")
            return super().handle(event)

        def learn(self, event: AnyEvent) -> None:
            order.append(f"{self.author} learns")
            super().learn(event)

    first = Logged("first", retires("x"), Observation, StrategyRetired)
    second = Logged("second", silent)
    Deliberation([first, second]).answers(observed("o"), 0)
    assert order == ["first handles", "first learns", "second handles"]


def test_a_decider_is_not_asked_about_what_it_said_itself() -> None:
    speaker = Speaker("a", retires("x"), Observation, StrategyRetired)
    assert len(Deliberation([speaker]).answers(observed("o"), 0)) == 1
    assert [line.partition(" ")[0] for line in speaker.heard] == ["handle", "learn"]


def test_an_own_answer_it_does_not_consume_is_not_learned() -> None:
    speaker = Speaker("a", retires("x"))
    Deliberation([speaker]).answers(observed("o"), 0)
    assert [line.partition(" ")[0] for line in speaker.heard] == ["handle"]


def test_deciders_that_answer_each_other_without_end_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def more(_: AnyEvent) -> Sequence[Payload]:
        return [Observation(name="more", value=0.0)]

    monkeypatch.setattr(deliberation, "OUTPUTS_MAX", 50)
    with pytest.raises(Runaway, match=r"market\.observation o has over 50 answers"):
        Deliberation([Speaker("a", more), Speaker("b", more)]).answers(observed("o"), 0)


def test_two_deciders_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"two deciders share a name: \['a', 'a'\]"):
        Deliberation([Speaker("a", silent), Speaker("a", silent)])


@any_of(NETWORKS, TALKS)
def test_folding_the_record_leads_where_living_it_led(
    network: list[Character], talk: list[int]
) -> None:
    lived, folded = nodes(network), nodes(network)
    deliberation_of_record = Deliberation(folded)
    for step in taken(lived, talk):
        deliberation_of_record.fold(step)
    assert [node.heard for node in folded] == [node.heard for node in lived]


@settings(max_examples=50)
@any_of(NETWORKS, TALKS, st.data())
def test_a_cell_that_stopped_anywhere_goes_on_as_if_it_had_not(
    network: list[Character], talk: list[int], data: st.DataObject
) -> None:
    stop = data.draw(st.integers(0, len(talk)))
    undisturbed = taken(nodes(network), talk)
    writer = MemoryJournal().open()
    sequencer = Sequencer(
        IDENTITY, Deliberation(nodes(network)), writer, epoch=1, recording_clock=lambda: 0
    )
    for step in undisturbed[:stop]:
        writer.append(step)
        sequencer.fold(step)
    assert [sequencer.take(each) for each in inputs(talk)[stop:]] == undisturbed[stop:]


def test_an_output_of_a_decider_that_is_gone_is_still_learned_by_the_others() -> None:
    old = Node(0, Character(frozenset({0}), {0: [0]}))
    listener_then, listener_now = (
        Node(1, Character(frozenset({0}), dict.fromkeys(range(4), ()))) for _ in range(2)
    )
    (step,) = taken([old, listener_then], [0])
    Deliberation([listener_now]).fold(step)
    assert len(step.outputs) == 1
    assert listener_now.heard == listener_then.heard == [given(0).id, step.outputs[0].id]
