"""Steps of which every event is of its kind's newest version, read in one go.

Such are all but old ones. To read the envelopes first and each payload behind them, as old versions
need it, takes a sixth longer.
"""

from functools import reduce
from operator import or_
from typing import Any, Final, Literal

import msgspec

import schemas.kinds  # noqa: F401 -- fills the registry
from events.codecs.wire import WireEvent, WireStep, event_of, step_of
from schemas.envelope import Step
from schemas.registry import Payload, latest_version, registered


def _event_of(kind: str, version: int, payload: type[Payload]) -> Any:
    """The form of a kind's events, told from others by the field ``kind``."""
    return msgspec.defstruct(
        f"Newest_{kind.replace('.', '_')}",
        [("version", Literal[version]), ("payload", payload)],
        bases=(WireEvent,),
        tag_field="kind",
        tag=kind,
        kw_only=True,
    )


_EVENT: Final[Any] = reduce(
    or_,
    (
        _event_of(kind, version, payload)
        for kind, version, payload in registered()
        if version == latest_version(kind)
    ),
)


class _NewestStep(WireStep, kw_only=True):
    input: _EVENT
    outputs: tuple[_EVENT, ...]


_decode: Final = msgspec.json.Decoder(_NewestStep).decode


def newest_step(raw: bytes) -> Step | None:
    """The step; ``None`` when it is of another form."""
    try:
        wire = _decode(raw)
    except msgspec.MsgspecError:
        return None
    given = wire.input
    outputs = tuple([event_of(output, output.payload) for output in wire.outputs])
    return step_of(wire, event_of(given, given.payload), outputs)
