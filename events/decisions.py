"""Decisions: the events of a journal by which two runs are the same run or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import msgspec

from schemas.envelope import AnyEvent, Step

_DIGEST_BYTES: Final = 16
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Decision:
    """An event that counts, and where it stands.

    Attributes:
        seq: the step's number.
        index: place in the step's events: 0 is the input, 1 the first output.
    """

    seq: int
    index: int
    event: AnyEvent


def decisions_of(steps: Iterable[Step]) -> Iterator[Decision]:
    """The decisions of all steps in order, whatever steps they were cut into."""
    for step in steps:
        for index, event in enumerate(step.events):
            if event.payload.DECISION:
                yield Decision(step.seq, index, event)


def canonical(event: AnyEvent) -> bytes:
    """Author, kind, cause and payload as JSON with one spelling: what the decision hash is over.

    Number, epoch, ``ts_recorded``, trace and id are left out, because they differ between runs or
    follow from the rest.
    """
    return _encode((event.author, event.kind, event.cause, event.payload))


class DecisionHash:
    """The running hash of a journal's decisions: equal for equal runs on every host and backend."""

    def __init__(self) -> None:
        self._hash: Final = blake2b(digest_size=_DIGEST_BYTES)
        self._count = 0

    @property
    def count(self) -> int:
        """How many decisions went in."""
        return self._count

    def update(self, step: Step) -> None:
        """Add the decisions of the next step."""
        for event in step.events:
            if event.payload.DECISION:
                # JSON holds no line break, so a line is a decision and nothing else.
                self._hash.update(canonical(event) + b"\n")
                self._count += 1

    def hexdigest(self) -> str:
        """The hash so far, 32 hexadecimal digits."""
        return self._hash.hexdigest()
