"""The shape of a decider: deterministic, and nothing ambient. Everything it knows came as an
event.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from schemas.envelope import AnyEvent
from schemas.registry import Payload


class Decider(Protocol):
    """A role in a cell. The cell calls it with one event at a time, in the journal's order.

    ``handle`` may use no clock, randomness, environment, thread or hash order: the same events
    give the
    same answers in every process.
    """

    @property
    def author(self) -> str:
        """The role's name, which signs what it says; unique in its cell."""
        ...

    @property
    def consumes(self) -> frozenset[type[Payload]]:
        """Payload classes that it wants to see. Its own answers are among what it may want."""
        ...

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """Learn the event and answer it, in order; mostly with nothing."""
        ...

    def learn(self, event: AnyEvent) -> None:
        """Take an event into the state without deciding: recorded history, or an own answer at
        once.
        """
        ...


class Rules[S](Protocol):
    """A pure decider over frozen state, the shape of risk, portfolio and limits."""

    @property
    def author(self) -> str:
        """The role's name."""
        ...

    @property
    def consumes(self) -> frozenset[type[Payload]]:
        """Payload classes that it wants to see."""
        ...

    @property
    def answers(self) -> frozenset[type[Payload]]:
        """Those of them that it may say something about; of the others it only learns."""
        ...

    def initial(self) -> S:
        """The state before any event."""
        ...

    def evolve(self, state: S, event: AnyEvent) -> S:
        """The state after an event; its own answers come here too, once each."""
        ...

    def decide(self, state: S, event: AnyEvent) -> Iterable[Payload]:
        """What to say about an event of ``answers`` that ``state`` already holds."""
        ...


class Folded[S]:
    """Makes a decider of pure rules by keeping the one state they fold."""

    def __init__(self, rules: Rules[S]) -> None:
        self._evolve: Final = rules.evolve
        self._decide: Final = rules.decide
        self._answers: Final = rules.answers
        self.author: Final = rules.author
        self.consumes: Final = rules.consumes
        self.state = rules.initial()

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """Evolve, then decide on the new state."""
        self.state = state = self._evolve(self.state, event)
        if type(event.payload) not in self._answers:
            return ()
        return tuple(self._decide(state, event))

    def learn(self, event: AnyEvent) -> None:
        """Evolve only."""
        self.state = self._evolve(self.state, event)
