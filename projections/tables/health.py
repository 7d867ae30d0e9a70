"""How the components of the system were doing."""

from typing import Final

from projections.tables.column import flag, numbers, term, text
from projections.tables.event_table import Values, event_table
from schemas.health import HealthReported


def _values(report: HealthReported) -> Values:
    return report.component, report.healthy, report.measurements, report.text


HEALTH: Final = event_table(
    "health",
    (HealthReported,),
    (term("component"), flag("healthy"), numbers("measurements"), text("text")),
    _values,
)
"""A row a report, its measurements by name."""
