"""Where a source said nothing for longer than allowed."""

from typing import Final

from projections.tables.column import flag, optional_whole, term, time
from projections.tables.event_table import Values
from projections.tables.fact_table import fact_table
from schemas.market import Gap


def _values(gap: Gap) -> Values:
    return gap.instrument, gap.ts_from, gap.ts_to, gap.expected, gap.missed


GAPS: Final = fact_table(
    "gaps",
    Gap,
    (
        term("instrument"),
        time("ts_from"),
        time("ts_to"),
        flag("expected"),
        optional_whole("missed"),
    ),
    _values,
)
"""``expected`` gaps are the calendar's; ``missed`` counts records proven lost, where it can be."""
