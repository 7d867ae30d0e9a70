"""What steps and events look like on the wire, whatever their payloads."""

import msgspec

from schemas.envelope import AnyEvent, Event, Origin, Slice, Step
from schemas.registry import Payload


class WireEvent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An event without its kind, version and payload."""

    id: str
    author: str
    cause: str
    correlation: str
    ts: int
    ts_recorded: int


class WireStep(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A step without its events."""

    cell: str
    run: str
    seq: int
    epoch: int
    prev_hash: str
    ts: int
    ts_recorded: int
    trace: str | None = None
    origin: Origin | None = None
    slices: tuple[Slice, ...]


def event_of(wire: WireEvent, payload: Payload) -> AnyEvent:
    """The event with its payload."""
    return Event(
        id=wire.id,
        author=wire.author,
        cause=wire.cause,
        correlation=wire.correlation,
        ts=wire.ts,
        ts_recorded=wire.ts_recorded,
        payload=payload,
    )


def step_of(wire: WireStep, given: AnyEvent, outputs: tuple[AnyEvent, ...]) -> Step:
    """The step with its events."""
    return Step(
        cell=wire.cell,
        run=wire.run,
        seq=wire.seq,
        epoch=wire.epoch,
        prev_hash=wire.prev_hash,
        ts=wire.ts,
        ts_recorded=wire.ts_recorded,
        trace=wire.trace,
        origin=wire.origin,
        slices=wire.slices,
        input=given,
        outputs=outputs,
    )
