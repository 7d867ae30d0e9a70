"""Rows that feeds did not accept, with file, row, field and reason."""

from typing import Final

from projections.tables.column import term, text, whole
from projections.tables.event_table import Values
from projections.tables.fact_table import fact_table
from schemas.market import Refused


def _values(refused: Refused) -> Values:
    place = (refused.instrument, refused.file, refused.row, refused.field)
    return (*place, refused.reason, refused.raw)


REFUSALS: Final = fact_table(
    "refusals",
    Refused,
    (
        term("instrument"),
        term("file"),
        whole("row"),
        term("field"),
        term("reason"),
        text("raw"),
    ),
    _values,
)
"""``row`` is 0 where the file as a whole was refused."""
