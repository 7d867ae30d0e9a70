"""Which market records each step of a run had consumed."""

from collections.abc import Iterator
from typing import Final

from projections.tables.column import term, whole
from projections.tables.event_table import StepTable, Values
from projections.tables.table import Table
from schemas.envelope import Step


def _rows(step: Step) -> Iterator[Values]:
    for ordinal, part in enumerate(step.slices):
        yield step.run, step.seq, ordinal, part.source, part.from_seq, part.to_seq


SLICES: Final = StepTable(
    Table(
        name="slices",
        columns=(
            term("run"),
            whole("seq"),
            whole("ordinal"),
            term("source"),
            whole("from_seq"),
            whole("to_seq"),
        ),
        key=("run", "seq", "ordinal"),
    ),
    _rows,
)
"""``from_seq`` and ``to_seq`` are both included; they join ``quotes`` on ``source`` and ``seq``."""
