"""What sources said beside ticks, bars, gaps and terms: rates, indexes, scores, books."""

from typing import Final

from projections.tables.column import number, text
from projections.tables.event_table import Values
from projections.tables.fact_table import fact_table
from schemas.market import Observation
from schemas.registry import Payload


def _values(said: Payload) -> Values:
    match said:
        case Observation(name=name, value=value, unit=unit):
            return name, value, unit
        case _:
            return "", 0.0, ""


OBSERVATIONS: Final = fact_table(
    "observations", None, (text("name"), number("value"), text("unit")), _values
)
"""Facts of a kind without columns of its own are here too, with their payload."""
