"""What somebody should be told, and who was."""

from typing import Final

from projections.tables.column import term, text
from projections.tables.event_table import Values, event_table
from schemas.alert import AlertDelivered, AlertRaised


def _values(alert: AlertRaised | AlertDelivered) -> Values:
    match alert:
        case AlertRaised(severity=severity, title=title, text=body):
            return severity, title, body, "", ""
        case AlertDelivered(alert=identifier, channel=channel):
            return "", "", "", identifier, channel


ALERTS: Final = event_table(
    "alerts",
    (AlertRaised, AlertDelivered),
    (term("severity"), text("title"), text("text"), text("alert"), term("channel")),
    _values,
)
"""A delivery's ``alert`` is the id of the ``alert.raised``."""
