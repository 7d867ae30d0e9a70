"""What risk found beyond the single order: limits passed, and states entered."""

from typing import Final

from projections.tables.column import term, text
from projections.tables.event_table import Values, event_table
from schemas.risk import LimitBreached, RiskStateChanged


def _values(change: LimitBreached | RiskStateChanged) -> Values:
    match change:
        case LimitBreached(scope=scope, rule=rule, limit=limit, value=value):
            return scope, rule, limit, value, "", "", ""
        case RiskStateChanged(before=before, after=after, reason=reason):
            return "", "", "", "", before.value, after.value, reason


RISK_CHANGES: Final = event_table(
    "risk_changes",
    (LimitBreached, RiskStateChanged),
    (
        term("scope"),
        term("rule"),
        text("limit"),
        text("value"),
        term("before"),
        term("after"),
        text("reason"),
    ),
    _values,
)
"""Columns that a row's kind does not have are empty."""
