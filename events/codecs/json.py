"""Steps and events as JSON: readable with any tool, lossless, lifted to the newest version."""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Final

import msgspec

import schemas.kinds  # noqa: F401 -- fills the registry that decoding needs
from events.codecs.finite import refuse_what_json_cannot_hold
from events.codecs.newest import newest_step
from events.codecs.wire import WireEvent, WireStep, event_of, step_of
from events.errors import Corrupt
from schemas.envelope import AnyEvent, Origin, Slice, Step
from schemas.registry import Payload, class_of, latest_version, upcast


class _WrittenEvent(msgspec.Struct, kw_only=True, gc=False):
    """The fields in their order on the wire."""

    id: str
    kind: str
    version: int
    author: str
    cause: str
    correlation: str
    ts: int
    ts_recorded: int
    payload: Payload


class _WrittenStep(msgspec.Struct, kw_only=True, gc=False):
    """The fields in their order on the wire."""

    cell: str
    run: str
    seq: int
    epoch: int
    prev_hash: str
    ts: int
    ts_recorded: int
    trace: str | None
    origin: Origin | None
    slices: tuple[Slice, ...]
    input: _WrittenEvent
    outputs: tuple[_WrittenEvent, ...]


class _ReadEvent(WireEvent, kw_only=True):
    kind: str
    version: int
    payload: msgspec.Raw


class _ReadStep(WireStep, kw_only=True):
    input: _ReadEvent
    outputs: tuple[_ReadEvent, ...]


class Link(msgspec.Struct, frozen=True):
    """What chains a stored step to its neighbours; the rest of the step is not decoded."""

    seq: int
    epoch: int
    prev_hash: str


_MISFITS: Final = (msgspec.MsgspecError, KeyError, TypeError, ValueError, ArithmeticError)
"""How a payload fails to fit: its class refuses it, or an upcaster misses what it lifts."""

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode_step: Final = msgspec.json.Decoder(_ReadStep).decode
_decode_link: Final = msgspec.json.Decoder(Link).decode
_decode_event: Final = msgspec.json.Decoder(_ReadEvent).decode


def encode_payload(payload: Payload) -> bytes:
    """The payload as canonical JSON: fields in their class's order, keys of maps sorted, decimals
    as strings.

    Raises:
        ValueError: it holds a number that JSON cannot hold.
    """
    refuse_what_json_cannot_hold(payload)
    return _encode(payload)


def decode_payload(kind: str, version: int, raw: bytes | msgspec.Raw) -> Payload:
    """The payload behind canonical JSON of any version ever written.

    Raises:
        UnknownKind: this program has no class for it, such as an event from the future.
        Corrupt: it does not fit its class.
    """
    read = _reader(kind, version)
    try:
        return read(raw)
    except _MISFITS as error:
        raise Corrupt(f"{kind} version {version}: {error!r}") from error


@cache
def _reader(kind: str, version: int) -> Callable[[bytes | msgspec.Raw], Payload]:
    """What reads payloads of a kind and version."""
    if version == latest_version(kind):
        return msgspec.json.Decoder(class_of(kind, version)).decode

    def lifted(raw: bytes | msgspec.Raw) -> Payload:
        newer, payload = upcast(kind, version, msgspec.json.decode(raw))
        return msgspec.convert(payload, class_of(kind, newer))

    return lifted


def encode_event(event: AnyEvent) -> bytes:
    """One event with its envelope as JSON; raises as ``encode_payload`` does."""
    return _encode(_to_wire(event))


def decode_event(raw: bytes) -> AnyEvent:
    """The event behind ``encode_event``; raises as ``decode_payload`` does."""
    try:
        return _from_wire(_decode_event(raw))
    except msgspec.MsgspecError as error:
        raise Corrupt(f"not an event: {error}") from error


def encode_step(step: Step) -> bytes:
    """A step as JSON; raises as ``encode_payload`` does."""
    return _encode(
        _WrittenStep(
            cell=step.cell,
            run=step.run,
            seq=step.seq,
            epoch=step.epoch,
            prev_hash=step.prev_hash,
            ts=step.ts,
            ts_recorded=step.ts_recorded,
            trace=step.trace,
            origin=step.origin,
            slices=step.slices,
            input=_to_wire(step.input),
            outputs=tuple(map(_to_wire, step.outputs)),
        )
    )


def decode_step(raw: bytes) -> Step:
    """The step behind ``encode_step``.

    Raises:
        Corrupt: the bytes are no step, or a payload does not fit its class.
        UnknownKind: an event's kind or version is not known.
    """
    newest = newest_step(raw)
    return _decoded_in_two(raw) if newest is None else newest


def _decoded_in_two(raw: bytes) -> Step:
    """Envelopes first, then every payload by its version; this one knows what is wrong, too."""
    try:
        wire = _decode_step(raw)
    except msgspec.MsgspecError as error:
        raise Corrupt(f"not a step: {error}") from error
    return step_of(wire, _from_wire(wire.input), tuple(map(_from_wire, wire.outputs)))


def decode_link(raw: bytes) -> Link:
    """Number, epoch and previous digest of a stored step.

    Raises:
        Corrupt: the bytes are no step.
    """
    try:
        return _decode_link(raw)
    except msgspec.MsgspecError as error:
        raise Corrupt(f"not a step: {error}") from error


def digest(body: bytes) -> str:
    """BLAKE2b-128 of stored bytes, in hex: what the next step carries as ``prev_hash``."""
    return blake2b(body, digest_size=16).hexdigest()


def _to_wire(event: AnyEvent) -> _WrittenEvent:
    payload = event.payload
    refuse_what_json_cannot_hold(payload)
    return _WrittenEvent(
        id=event.id,
        kind=payload.KIND,
        version=payload.VERSION,
        author=event.author,
        cause=event.cause,
        correlation=event.correlation,
        ts=event.ts,
        ts_recorded=event.ts_recorded,
        payload=payload,
    )


def _from_wire(wire: _ReadEvent) -> AnyEvent:
    return event_of(wire, decode_payload(wire.kind, wire.version, wire.payload))
