"""Any network of deciders: who listens to what, who answers with what, and answers that depend on
everything that was heard before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from actors.kit.inputs import Input
from schemas.alert import AlertDelivered
from schemas.envelope import AnyEvent
from schemas.market import Observation
from schemas.registry import Payload
from schemas.signal import SignalWithheld
from schemas.strategy import StrategyRetired

KINDS: Final = 4
DEPTH_MAX: Final = 3
"""Answers to answers to answers are answered no more."""

_CLASSES: Final = (Observation, AlertDelivered, SignalWithheld, StrategyRetired)


def said(kind: int, depth: int, note: str) -> Payload:
    """A payload of one of four kinds, which carries how deep in the talk it was said."""
    match kind:
        case 0:
            return Observation(name=note, value=float(depth))
        case 1:
            return AlertDelivered(alert=str(depth), channel=note)
        case 2:
            return SignalWithheld(
                instrument=note, direction="flat", rule="", limit="", value=str(depth)
            )
        case _:
            return StrategyRetired(strategy=str(depth), reason=note)


def depth_of(payload: Payload) -> int:
    """How deep in the talk a payload was said."""
    match payload:
        case Observation(value=depth):
            return int(depth)
        case AlertDelivered(alert=depth) | StrategyRetired(strategy=depth):
            return int(depth)
        case SignalWithheld(value=depth):
            return int(depth)
        case _:
            raise AssertionError(f"{payload} is none of the four kinds")


@dataclass(frozen=True)
class Character:
    """How a node behaves: which kinds it hears, and which kinds it answers each with."""

    hears: frozenset[int]
    answers: Mapping[int, Sequence[int]]


class Node:
    """A decider that remembers the name of all it heard, in order, and counts on it."""

    def __init__(self, number: int, character: Character) -> None:
        self.author: Final = f"node.{number}"
        self.consumes: Final = frozenset(_CLASSES[kind] for kind in character.hears)
        self.heard: Final[list[str]] = []
        self._character: Final = character

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        depth = depth_of(event.payload) + 1
        if depth > DEPTH_MAX or len(self.heard) % 5 == 4:
            return ()
        kind = _CLASSES.index(type(event.payload))
        return [said(each, depth, str(len(self.heard))) for each in self._character.answers[kind]]

    def learn(self, event: AnyEvent) -> None:
        assert type(event.payload) in self.consumes
        self.heard.append(event.id)


def nodes(characters: Sequence[Character]) -> list[Node]:
    """A fresh network."""
    return [Node(number, character) for number, character in enumerate(characters)]


def inputs(kinds: Sequence[int]) -> list[Input]:
    """One input a kind, a nanosecond apart."""
    return [given(number, kind) for number, kind in enumerate(kinds)]


def given(number: int, kind: int = 0) -> Input:
    """The ``number``-th input."""
    name = f"input {number}"
    return Input(
        id=name,
        author="world",
        cause=name,
        correlation=name,
        ts=number,
        payload=said(kind, 0, "the world says"),
    )


_KIND = st.integers(0, KINDS - 1)
_CHARACTER = st.builds(
    Character,
    hears=st.frozensets(_KIND, min_size=1),
    answers=st.fixed_dictionaries({kind: st.lists(_KIND, max_size=2) for kind in range(KINDS)}),
)
NETWORKS: Final = st.lists(_CHARACTER, min_size=1, max_size=4)
TALKS: Final = st.lists(_KIND, min_size=1, max_size=8)
