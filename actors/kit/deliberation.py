"""From one event to everything that is decided because of it, until nothing more follows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from actors.kit.shapes import Decider
from schemas.envelope import AnyEvent, Event, Step
from schemas.identity import event_id
from schemas.quantities import Nanoseconds
from schemas.registry import Payload

OUTPUTS_MAX: Final = 10_000
"""More answers to one input than this is a loop between deciders, not a decision."""


class Runaway(RuntimeError):
    """Deciders answer each other without end."""


class _Listener(NamedTuple):
    """A decider as the listener to one class of payload, taken apart: each is asked very often."""

    author: str
    handle: Callable[[AnyEvent], Sequence[Payload]]
    learn: Callable[[AnyEvent], None]
    consumes: frozenset[type[Payload]]


class Deliberation:
    """The deciders of one cell, asked in one fixed order.

    Events are handed on first in, first out. A decider learns its own answers at once, before
    anybody else is asked, so that a limit counts the order that was approved a moment ago.
    """

    def __init__(self, deciders: Sequence[Decider]) -> None:
        self.authors: Final = tuple(decider.author for decider in deciders)
        if len(set(self.authors)) != len(self.authors):
            raise ValueError(f"two deciders share a name: {sorted(self.authors)}")
        listeners: defaultdict[type[Payload], list[_Listener]] = defaultdict(list)
        for decider in deciders:
            listener = _Listener(decider.author, decider.handle, decider.learn, decider.consumes)
            for payload in decider.consumes:
                listeners[payload].append(listener)
        self._listeners: Final = {payload: tuple(found) for payload, found in listeners.items()}

    def answers(self, given: AnyEvent, ts_recorded: Nanoseconds) -> tuple[AnyEvent, ...]:
        """All outputs that follow from ``given``, in order.

        Raises:
            Runaway: there is no end to them. The deciders' state is of no further use then, nor is
                it when a decider raises.
        """
        events = [given]
        for current in events:  # which grows by the answers, so that they are answered in turn
            for author, handle, learn, consumes in self._listeners.get(type(current.payload), ()):
                if author == current.author:
                    continue
                said = handle(current)
                if not said:
                    continue
                for ordinal, payload in enumerate(said):
                    answer = _answer(author, current, ordinal, payload, ts_recorded)
                    if type(payload) in consumes:
                        learn(answer)
                    events.append(answer)
            if len(events) > OUTPUTS_MAX + 1:
                raise Runaway(f"{given.kind} {given.id} has over {OUTPUTS_MAX} answers")
        return tuple(events[1:])

    def fold(self, step: Step) -> None:
        """Teach the deciders a recorded step, in just the order in which ``answers`` would have."""
        answered: defaultdict[tuple[str, str], list[AnyEvent]] = defaultdict(list)
        for output in step.outputs:
            answered[output.author, output.cause].append(output)
        for current in step.events:
            for listener in self._listeners.get(type(current.payload), ()):
                if listener.author != current.author:
                    listener.learn(current)
            for author in self.authors:
                for own in answered.get((author, current.id), ()):
                    self._teach_own(own)

    def _teach_own(self, own: AnyEvent) -> None:
        for listener in self._listeners.get(type(own.payload), ()):
            if listener.author == own.author:
                listener.learn(own)


def _answer(
    author: str, cause: AnyEvent, ordinal: int, payload: Payload, ts_recorded: Nanoseconds
) -> AnyEvent:
    return Event(
        id=event_id(author, cause.id, ordinal),
        author=author,
        cause=cause.id,
        correlation=cause.correlation,
        ts=cause.ts,
        ts_recorded=ts_recorded,
        payload=payload,
    )
