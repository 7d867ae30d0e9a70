"""How capital was shared between strategies."""

from typing import Final

from projections.tables.column import numbers, term
from projections.tables.event_table import Values, event_table
from schemas.allocation import AllocationDecided


def _values(allocation: AllocationDecided) -> Values:
    return allocation.method, allocation.shares


ALLOCATIONS: Final = event_table(
    "allocations", (AllocationDecided,), (term("method"), numbers("shares")), _values
)
"""``shares`` maps a strategy to its fraction of the account's equity."""
