"""Bars of any interval, made from ticks while reading."""

from typing import Final

from projections.tables.exactness import decimal_sql
from projections.tables.table import STORED

INTERVALS_S: Final = {"1s": 1, "1m": 60, "5m": 300, "1h": 3_600, "1d": 86_400}
"""Intervals that have a view of their own, ``bars_1s`` to ``bars_1d``, in seconds."""

# A side's price and size in mantissas; the mid's are sums, halved after the conversion.
_SIDES: Final = (
    ("quotes", "bid", "bid", "bid_size", 1),
    ("quotes", "ask", "ask", "ask_size", 1),
    ("quotes", "mid", "bid + ask", "bid_size + ask_size", 2),
    ("trades", "last", "price", "size", 1),
)


def _side(table: str, price_type: str, price: str, size: str, share: int) -> str:
    def price_of(aggregate: str) -> str:
        return f"{decimal_sql(aggregate, 'price_precision')} / {share}"

    return f"""
        SELECT source, instrument, '{price_type}' AS price_type,
            fromUnixTimestamp64Nano(slot * width, 'UTC') AS ts_open,
            fromUnixTimestamp64Nano((slot + 1) * width, 'UTC') AS ts_close,
            {price_of("argMin(x, seq)")} AS open, {price_of("max(x)")} AS high,
            {price_of("min(x)")} AS low, {price_of("argMax(x, seq)")} AS close,
            {decimal_sql("sum(y)", "size_precision")} / {share} AS volume, count() AS ticks
        FROM (
            SELECT *, {price} AS x, {size} AS y, {{seconds:Int64}} * 1000000000 AS width,
                intDiv(toUnixTimestamp64Nano(ts_event), width) AS slot
            FROM {STORED}{table} FINAL
        )
        GROUP BY source, instrument, price_precision, size_precision, slot, width"""


BARS_VIEW: Final = "CREATE OR REPLACE VIEW bars AS" + " UNION ALL".join(
    _side(*side) for side in _SIDES
)
"""``bars(seconds = 60)``: half-open intervals from midnight UTC, one row a source and price type.

``volume`` is the sum of the sizes on the bar's side; the mid's is half of both sides'.
"""

INTERVAL_VIEWS: Final = tuple(
    f"CREATE OR REPLACE VIEW bars_{name} AS SELECT * FROM bars(seconds = {seconds})"
    for name, seconds in INTERVALS_S.items()
)
