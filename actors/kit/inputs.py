"""What a cell can be told: an event in the making, to which the sequencer adds when it was
recorded.
"""

import msgspec

from schemas.envelope import AnyEvent, Event
from schemas.quantities import Nanoseconds
from schemas.registry import Payload


class Input(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that happened, before it is in a journal.

    Attributes:
        id: its business key: a tick's ``source:seq``, a bar's key, a trade id, a command's id.
        author: who says so, such as ``venue.FXCM``.
        cause: id of what it answers; its own id when it is a first cause.
        correlation: id of the first event of its chain.
        ts: market time.
    """

    id: str
    author: str
    cause: str
    correlation: str
    ts: Nanoseconds
    payload: Payload


def input_of(event: AnyEvent) -> Input:
    """An event that somebody posted, or that was recorded, as the input that it was."""
    return Input(
        id=event.id,
        author=event.author,
        cause=event.cause,
        correlation=event.correlation,
        ts=event.ts,
        payload=event.payload,
    )


def recorded(given: Input, ts: Nanoseconds, ts_recorded: Nanoseconds) -> AnyEvent:
    """The event that an input becomes when it is taken at market time ``ts``."""
    return Event(
        id=given.id,
        author=given.author,
        cause=given.cause,
        correlation=given.correlation,
        ts=ts,
        ts_recorded=ts_recorded,
        payload=given.payload,
    )
