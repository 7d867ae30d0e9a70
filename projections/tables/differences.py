"""Where the venue's books and ours disagreed."""

from typing import Final

from projections.tables.column import term, text
from projections.tables.event_table import Values, event_table
from schemas.reconciliation import ReconciliationDifference


def _values(difference: ReconciliationDifference) -> Values:
    return difference.subject, difference.instrument, difference.ours, difference.theirs


DIFFERENCES: Final = event_table(
    "differences",
    (ReconciliationDifference,),
    (term("subject"), term("instrument"), text("ours"), text("theirs")),
    _values,
)
"""A row a fact that our journal does not explain."""
