"""The envelope that every event travels in, and the step that a journal is made of."""

from typing import Final, TypeGuard

import msgspec

from schemas.quantities import Nanoseconds
from schemas.registry import Payload

GENESIS: Final = "0" * 32
"""``prev_hash`` of a journal's first step."""


class Event[P: Payload](msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An immutable fact or decision.

    Attributes:
        id: deterministic name (see ``schemas.identity``).
        author: the role that said it, such as ``risk.pre_trade``.
        cause: id of the event or tick that it answers; its own id when it is a first cause.
        correlation: id of the first event of its chain.
        ts: market time, UTC nanoseconds.
        ts_recorded: when the sequencer recorded it, UTC nanoseconds.
        payload: what it says; its class knows kind and version.
    """

    id: str
    author: str
    cause: str
    correlation: str
    ts: Nanoseconds
    ts_recorded: Nanoseconds
    payload: P

    @property
    def kind(self) -> str:
        """The payload's wire name."""
        return self.payload.KIND


type AnyEvent = Event[Payload]


def carries[P: Payload](event: AnyEvent, payload: type[P]) -> TypeGuard[Event[P]]:
    """Whether the event's payload is of that class; type checkers then know it."""
    return isinstance(event.payload, payload)


class Slice(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reference to market records ``from_seq .. to_seq`` (both included) of one source."""

    source: str
    from_seq: int
    to_seq: int


class Origin(msgspec.Struct, frozen=True, array_like=True):
    """Where in the cell's ingress an input came from: its address, and the number its writer gave
    it.
    """

    position: int
    writer: str
    number: int


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One input, and everything that was decided because of it: a journal's atomic unit.

    Attributes:
        seq: the step's number in its journal, gapless from 0.
        epoch: which writer of the journal wrote it (counts ``cell.started``).
        prev_hash: BLAKE2b-128 of the previous step's bytes, so that an altered journal is seen.
        slices: how far each market source had been consumed since the step before.
        input: the event that was taken.
        outputs: all events that deciders produced because of it, in order.
        trace: W3C ``traceparent`` of the handling, or ``None``.
        origin: the input's place in the ingress, or ``None`` when it did not come from there.
    """

    cell: str
    run: str
    seq: int
    epoch: int
    prev_hash: str
    ts: Nanoseconds
    ts_recorded: Nanoseconds
    slices: tuple[Slice, ...]
    input: AnyEvent
    outputs: tuple[AnyEvent, ...]
    trace: str | None = None
    origin: Origin | None = None

    @property
    def events(self) -> tuple[AnyEvent, ...]:
        """The input followed by the outputs."""
        return (self.input, *self.outputs)
