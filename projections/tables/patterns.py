"""What models were asked to recognise, and what they answered."""

from typing import Final

from projections.tables.column import flag, number, optional_time, term, text, whole
from projections.tables.event_table import Values, event_table
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested


def _values(pattern: PatternRequested | PatternRecognised | PatternAbstained) -> Values:
    about = (pattern.instrument, pattern.interval, pattern.recogniser)
    match pattern:
        case PatternRequested(window_hash=numbers):
            return (*about, "", "", "", None, 0.0, False, 0, 0, "", "", numbers, "")
        case PatternRecognised():
            return (
                *about,
                pattern.request,
                pattern.pattern,
                pattern.direction,
                pattern.begins or None,
                pattern.confidence,
                pattern.calibrated,
                pattern.horizon,
                pattern.latency,
                pattern.model_digest,
                pattern.chart_hash,
                pattern.feature_hash,
                "",
            )
        case PatternAbstained(request=request, latency=latency, model_digest=model, reason=reason):
            return (*about, request, "", "", None, 0.0, False, 0, latency, model, "", "", reason)


PATTERNS: Final = event_table(
    "patterns",
    (PatternRequested, PatternRecognised, PatternAbstained),
    (
        term("instrument"),
        term("interval"),
        term("recogniser"),
        text("request"),
        term("pattern"),
        term("direction"),
        optional_time("begins"),
        number("confidence"),
        flag("calibrated"),
        whole("horizon_ns"),
        whole("latency_ns"),
        term("model"),
        text("chart_hash"),
        text("feature_hash"),
        term("reason"),
    ),
    _values,
)
"""``request`` is the id of the ``pattern.requested`` that a row answers, or of the bar that a rule
answered; ``feature_hash`` of a request names the numbers of the bars that it is about.
"""
