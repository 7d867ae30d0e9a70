"""Timers that were set, and that fired."""

from typing import Final

from projections.tables.column import term, text, time
from projections.tables.event_table import Values, event_table
from schemas.timer import TimerFired, TimerSet


def _values(timer: TimerSet | TimerFired) -> Values:
    return timer.name, timer.at, timer.owner if isinstance(timer, TimerFired) else ""


TIMERS: Final = event_table(
    "timers", (TimerSet, TimerFired), (text("name"), time("at"), term("owner")), _values
)
"""``owner`` is the author of the ``timer.set``, and empty in its own row."""
