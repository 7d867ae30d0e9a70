"""What else of the market a cell took as input: single ticks, books, observations, the end."""

from typing import Final

from projections.tables.column import term
from projections.tables.event_table import Values, event_table
from schemas.market import Book, Gap, Instrument, MarketSlice, Observation, Quote, Refused, Trade
from schemas.registry import Payload


def _values(payload: Payload) -> Values:
    match payload:
        case Instrument(id=identifier):
            return (identifier,)
        case Quote() | Trade() | Book() | Gap() | Refused():
            return (payload.instrument,)
        case _:
            return ("",)


MARKET_INPUTS: Final = event_table(
    "market_inputs",
    (MarketSlice, Quote, Trade, Book, Gap, Instrument, Refused, Observation),
    (term("instrument"),),
    _values,
)
"""All ticks are in ``quotes`` and ``trades``; here stands which of them a decider saw singly."""
