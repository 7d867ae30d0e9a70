"""What models were asked to recognise, and what they answered."""

from typing import Final

from projections.tables.column import number, term, text, whole
from projections.tables.event_table import Values, event_table
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested


def _values(pattern: PatternRequested | PatternRecognised | PatternAbstained) -> Values:
    match pattern:
        case PatternRequested():
            return pattern.instrument, "", "", "", 0.0, 0, 0, pattern.recogniser, ""
        case PatternRecognised():
            return (
                pattern.instrument,
                pattern.request,
                pattern.pattern,
                pattern.direction,
                pattern.confidence,
                pattern.horizon,
                pattern.latency,
                pattern.model_digest,
                "",
            )
        case PatternAbstained():
            model = pattern.model_digest
            return pattern.instrument, pattern.request, "", "", 0.0, 0, 0, model, pattern.reason


PATTERNS: Final = event_table(
    "patterns",
    (PatternRequested, PatternRecognised, PatternAbstained),
    (
        term("instrument"),
        text("request"),
        term("pattern"),
        term("direction"),
        number("confidence"),
        whole("horizon_ns"),
        whole("latency_ns"),
        term("model"),
        text("reason"),
    ),
    _values,
)
"""``request`` is the id of the ``pattern.requested`` that a row answers."""
