"""Signals that a rule kept back before they became orders."""

from typing import Final

from projections.tables.column import term, text
from projections.tables.event_table import Values, event_table
from schemas.signal import SignalWithheld


def _values(signal: SignalWithheld) -> Values:
    return signal.instrument, signal.direction, signal.rule, signal.limit, signal.value


WITHHELD: Final = event_table(
    "withheld",
    (SignalWithheld,),
    (term("instrument"), term("direction"), term("rule"), text("limit"), text("value")),
    _values,
)
"""A row a signal that was due and was not followed, with the rule that stopped it."""
