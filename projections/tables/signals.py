"""Signals: what strategies wanted, and how strongly."""

from typing import Final

from projections.tables.column import number, optional_exact, term, texts
from projections.tables.event_table import Values, event_table
from schemas.signal import SignalRaised


def _values(signal: SignalRaised) -> Values:
    terms = signal.terms
    return (
        signal.instrument,
        signal.intent,
        signal.direction,
        signal.strength,
        signal.quantity,
        terms.type.value,
        terms.stop_loss,
        terms.take_profit,
        {name: str(value) for name, value in signal.reason.items()},
    )


SIGNALS: Final = event_table(
    "signals",
    (SignalRaised,),
    (
        term("instrument"),
        term("intent"),
        term("direction"),
        number("strength"),
        optional_exact("quantity"),
        term("type"),
        optional_exact("stop_loss"),
        optional_exact("take_profit"),
        texts("reason"),
    ),
    _values,
)
"""``author`` is the strategy; ``reason`` holds the values that it decided on."""
