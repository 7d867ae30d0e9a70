"""Spans: how long it took to come to an event; measured beside a journal, never part of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from schemas.quantities import Nanoseconds

type Attribute = str | int | float | bool


class SpanKind(StrEnum):
    """What a span is to its neighbours, in OpenTelemetry's words."""

    INTERNAL = "Internal"
    CLIENT = "Client"
    CONSUMER = "Consumer"


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of time in a chain of decisions.

    Attributes:
        trace, id, parent: as ``schemas.trace_context`` names them; no parent is empty.
        name: kind of the event that it led to.
        start, end: UTC nanoseconds by the clock of the machine, not market time.
        resource: who measured it: service, cell, run, host.
    """

    trace: str
    id: str
    parent: str
    name: str
    kind: SpanKind
    start: Nanoseconds
    end: Nanoseconds
    attributes: dict[str, Attribute]
    resource: dict[str, str]


class SpanReader(Protocol):
    """Spans of one that measured, in the order in which they were written."""

    def end(self) -> int:
        """Where the next span will be written; 0 while there is none."""
        ...

    def read(self, start: int, size_max: int) -> tuple[Sequence[Span], int]:
        """Spans from a place on, some ``size_max`` bytes of them, and the place after the last.

        Raises:
            Corrupt: what stands there is no span.
        """
        ...


class Spans(Protocol):
    """All spans of a run."""

    def readers(self) -> Mapping[str, SpanReader]:
        """By the name of each that has begun to measure: a cell, and gateways beside it."""
        ...
