"""The quality of the data behind a run: what its sources held, refused and left out."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

_SOURCES: Final = "(SELECT source FROM slices WHERE run = {run:String})"

_TICKS: Final = f"""
SELECT source, instrument, what, count() AS rows,
    toUnixTimestamp64Nano(min(ts_event)) AS first_ns,
    toUnixTimestamp64Nano(max(ts_event)) AS last_ns,
    countIf(bid > ask) AS crossed, countIf(bid = ask AND what = 'quotes') AS locked,
    countIf(ts_event < before_ts) AS out_of_order,
    countIf((ts_event, bid, ask, size) = (before_ts, before_bid, before_ask, before_size)
        AND before_seq + 1 = seq) AS repeated
FROM (
    SELECT *, lagInFrame(ts_event) OVER w AS before_ts, lagInFrame(bid) OVER w AS before_bid,
        lagInFrame(ask) OVER w AS before_ask, lagInFrame(size) OVER w AS before_size,
        lagInFrame(seq, 1, -2) OVER w AS before_seq
    FROM (
        SELECT source, seq, instrument, ts_event, 'quotes' AS what, bid, ask, bid_size AS size
        FROM stored_quotes FINAL WHERE source IN {_SOURCES}
        UNION ALL
        SELECT source, seq, instrument, ts_event, 'trades', price, price, size
        FROM stored_trades FINAL WHERE source IN {_SOURCES}
    )
    WINDOW w AS (PARTITION BY source, what, instrument ORDER BY seq
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
GROUP BY source, instrument, what ORDER BY source, instrument, what"""

_REFUSED: Final = f"""
SELECT source, file, reason, count() AS rows, min(row) AS first_row, argMin(raw, row) AS first_raw
FROM refusals WHERE source IN {_SOURCES}
GROUP BY source, file, reason ORDER BY source, file, rows DESC, reason"""

_GAPS: Final = f"""
SELECT source, instrument, toUnixTimestamp64Nano(ts_from) AS from_ns,
    toUnixTimestamp64Nano(ts_to) AS to_ns, expected, missed
FROM gaps WHERE source IN {_SOURCES} ORDER BY source, from_ns, instrument"""


class TickQuality(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument's ticks in one source.

    Attributes:
        what: ``quotes`` or ``trades``; only quotes can be crossed (ask < bid) or locked (equal).
        out_of_order: rows earlier than the one before.
        repeated: rows that say again what the row just before said, at the same time.
    """

    source: str
    instrument: str
    what: str
    rows: int
    first_ns: Nanoseconds
    last_ns: Nanoseconds
    crossed: int
    locked: int
    out_of_order: int
    repeated: int


class RefusedRows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a file that were refused for one reason; ``first_raw`` is the first of them."""

    source: str
    file: str
    reason: str
    rows: int
    first_row: int
    first_raw: str


class SilentStretch(msgspec.Struct, frozen=True, kw_only=True):
    """A gap; ``expected`` when a calendar explains it."""

    source: str
    instrument: str
    from_ns: Nanoseconds
    to_ns: Nanoseconds
    expected: bool
    missed: int | None


def tick_quality(queries: Queries, run: str) -> tuple[TickQuality, ...]:
    """Every instrument of every source that the run consumed."""
    return ask(queries, _TICKS, {"run": run}, TickQuality)


def refused_rows(queries: Queries, run: str) -> tuple[RefusedRows, ...]:
    """What the run's sources refused, by file and reason."""
    return ask(queries, _REFUSED, {"run": run}, RefusedRows)


def silent_stretches(queries: Queries, run: str) -> tuple[SilentStretch, ...]:
    """The gaps of the run's sources."""
    return ask(queries, _GAPS, {"run": run}, SilentStretch)
