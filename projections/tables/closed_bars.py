"""The bars that deciders saw, each when it had closed."""

from typing import Final

from projections.tables.column import exact, term, time
from projections.tables.event_table import Values, event_table
from schemas.market import Bar


def _values(bar: Bar) -> Values:
    return (
        bar.instrument,
        bar.interval,
        bar.price_type.value,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        bar.ts_open,
        bar.ts_close,
    )


CLOSED_BARS: Final = event_table(
    "closed_bars",
    (Bar,),
    (
        term("instrument"),
        term("interval"),
        term("price_type"),
        exact("open"),
        exact("high"),
        exact("low"),
        exact("close"),
        exact("volume"),
        time("ts_open"),
        time("ts_close"),
    ),
    _values,
)
"""``bars_1m`` and its sisters are made from ticks; these are what a run was told."""
