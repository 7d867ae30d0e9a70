"""The market that a run saw, as SQL to join with: last bid, ask and mid at or before a moment.

Ticks of one time are in the order of their numbers, so the key of a tick is its time and number
together, and a moment's key is that of the last tick which could be at that time. Prices are
doubles here, each the nearest to its exact decimal.
"""

from typing import Final

_BITS: Final = 40
"""Enough for the row numbers of a source: 10**12."""


def moment_key(ts: str) -> str:
    """SQL for the key behind every tick at or before a time in nanoseconds."""
    return f"(bitShiftLeft(toInt128({ts}) + 1, {_BITS}) - 1)"


def _prices(table: str, bid: str, ask: str) -> str:
    return f"""
    SELECT instrument,
        bitShiftLeft(toInt128(toUnixTimestamp64Nano(ts_event)), {_BITS}) + seq AS key,
        {bid} / intExp10(price_precision) AS bid, {ask} / intExp10(price_precision) AS ask
    FROM stored_{table} FINAL
    WHERE source IN (SELECT source FROM slices WHERE run = {{run:String}})"""


PRICES: Final = f"""(
    SELECT instrument, key, bid, ask, (bid + ask) / 2 AS mid FROM (
    {
    " UNION ALL ".join(
        (
            _prices("quotes", "bid", "ask"),
            _prices("trades", "price", "price"),
            _prices("quote_bars", "bid_close", "ask_close"),
            _prices("trade_bars", "close", "close"),
        )
    )
})
)"""
"""``instrument, key, bid, ask, mid`` of every tick and recorded bar of the sources of ``run``."""
