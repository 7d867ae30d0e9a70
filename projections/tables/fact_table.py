"""Tables of a market source's single facts: instruments, gaps, refused rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from events.batches import MarketRecord
from events.codecs.json import decode_payload
from projections.tables.column import Column, term, text, time, whole
from projections.tables.event_table import Values
from projections.tables.table import Table
from schemas.quantities import Nanoseconds
from schemas.registry import Payload

ADDRESS: Final = (
    term("source"),
    whole("seq"),
    term("kind"),
    whole("version"),
    time("ts_event"),
    time("ts_init"),
    text("payload"),
)


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of the facts of one kind; ``kind`` is empty for the table that takes all others."""

    kind: str
    table: Table
    values: Callable[[Any], Values]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a batch of facts."""

    source: str
    seq: int
    kind: str
    version: int
    ts_event: Nanoseconds
    ts_init: Nanoseconds
    raw: str

    @property
    def payload(self) -> Payload:
        """What it says, lifted to the newest version."""
        return decode_payload(self.kind, self.version, self.raw.encode())

    @property
    def address(self) -> Values:
        """The values of the ``ADDRESS`` columns."""
        times = (self.ts_event, self.ts_init)
        return (self.source, self.seq, self.kind, self.version, *times, self.raw)


def facts_of(record: MarketRecord) -> Iterator[Fact]:
    """The rows of a batch of facts, one by one."""
    times = [record.batch.column(i).cast(pa.int64()).to_pylist() for i in (0, 1)]
    says = [record.batch.column(name).to_pylist() for name in ("kind", "version", "payload")]
    rows = zip(*says, *times, strict=True)
    for seq, (kind, version, raw, ts_event, ts_init) in enumerate(rows, record.first):
        yield Fact(record.source, seq, kind, version, ts_event, ts_init, raw)


def fact_table(
    name: str,
    kind: type[Payload] | None,
    columns: tuple[Column, ...],
    values: Callable[[Any], Values],
) -> FactTable:
    """A table keyed by the fact's address in its source."""
    table = Table(name=name, columns=(*ADDRESS, *columns), key=("source", "seq"))
    return FactTable(kind.KIND if kind else "", table, values)
