"""The terms of instruments, as each source stated them."""

from typing import Final

from projections.tables.column import exact, optional_time, term, whole
from projections.tables.event_table import Values
from projections.tables.fact_table import fact_table
from schemas.market import Instrument


def _values(terms: Instrument) -> Values:
    return (
        terms.id,
        terms.symbol,
        terms.venue,
        terms.asset_class.value,
        terms.base_currency or "",
        terms.quote_currency,
        terms.settlement_currency or terms.quote_currency,
        terms.price_precision,
        terms.size_precision,
        terms.tick_size,
        terms.lot_size,
        terms.multiplier,
        terms.margin_init,
        terms.margin_maint,
        terms.maker_fee,
        terms.taker_fee,
        terms.expiry,
    )


INSTRUMENTS: Final = fact_table(
    "instruments",
    Instrument,
    (
        term("instrument"),
        term("symbol"),
        term("venue"),
        term("asset_class"),
        term("base_currency"),
        term("quote_currency"),
        term("settlement_currency"),
        whole("price_precision"),
        whole("size_precision"),
        exact("tick_size"),
        exact("lot_size"),
        exact("multiplier"),
        exact("margin_init"),
        exact("margin_maint"),
        exact("maker_fee"),
        exact("taker_fee"),
        optional_time("expiry"),
    ),
    _values,
)
"""Fees and margins are fractions of the notional."""
