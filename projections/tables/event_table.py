"""Tables of a journal's events: where each stands, who said it and why, what it says in columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from projections.tables.column import Column, term, text, time, whole
from projections.tables.table import Table
from schemas.envelope import AnyEvent, Step
from schemas.registry import Payload

ENVELOPE: Final = (
    term("run"),
    whole("seq"),
    whole("idx"),
    term("cell"),
    text("id"),
    term("kind"),
    whole("version"),
    term("author"),
    text("cause"),
    text("correlation"),
    time("ts_event"),
    time("ts_recorded"),
    text("payload"),
)
"""``seq`` is the step's number; ``idx`` is 0 for its input and counts its outputs from 1."""

KEY: Final = ("run", "seq", "idx")

type Values = tuple[object, ...]

# As in the journal, which had refused what JSON cannot hold.
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class EventTable:
    """A table of the events of some kinds, a row each.

    Attributes:
        kinds: payload classes whose events belong here.
        values: what a payload puts into the columns after the envelope's.
    """

    table: Table
    kinds: tuple[type[Payload], ...]
    values: Callable[[Any], Values]

    def row(self, step: Step, idx: int, event: AnyEvent) -> Values:
        """The event's row."""
        return (*_envelope(step, idx, event), *self.values(event.payload))


@dataclass(frozen=True, slots=True)
class StepTable:
    """A table of something inside a step that is no event by itself."""

    table: Table
    rows: Callable[[Step], Iterator[Values]]


def event_table(
    name: str,
    kinds: tuple[type[Payload], ...],
    columns: tuple[Column, ...],
    values: Callable[[Any], Values],
) -> EventTable:
    """A table keyed by the event's address in its run's journal."""
    return EventTable(Table(name=name, columns=(*ENVELOPE, *columns), key=KEY), kinds, values)


def _envelope(step: Step, idx: int, event: AnyEvent) -> Values:
    return (
        step.run,
        step.seq,
        idx,
        step.cell,
        event.id,
        event.payload.KIND,
        event.payload.VERSION,
        event.author,
        event.cause,
        event.correlation,
        event.ts,
        event.ts_recorded,
        _encode(event.payload).decode(),
    )
