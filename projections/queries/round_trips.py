"""Round trips: from flat to flat, by strategy and instrument."""

from decimal import Decimal
from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds, Price, Quantity

# A fill moves the net position. What it takes off belongs to the trip that is under way, what it
# adds to the one that it begins or enlarges; a fill that turns the position round does both.
_SQL: Final = """
WITH moved AS (
    SELECT p.seq AS seq, p.idx AS idx, p.strategy AS strategy, p.instrument AS instrument,
        p.quantity AS after, p.realised AS realised, p.currency AS currency, f.id AS fill,
        toUnixTimestamp64Nano(f.ts_event) AS ts, f.price AS price, f.quantity AS moved,
        f.commission AS commission, f.commission_currency AS commission_currency,
        p.quantity - if(f.side = 'buy', f.quantity, -f.quantity) AS before
    FROM positions AS p
    INNER JOIN fills AS f ON f.run = p.run AND f.trade_id = p.trade_id
        AND f.strategy = p.strategy AND f.instrument = p.instrument
    WHERE p.run = {run:String}
),
numbered AS (
    SELECT *,
        (after > 0 AND before <= 0) OR (after < 0 AND before >= 0) AS begins,
        sum(begins) OVER (PARTITION BY strategy, instrument ORDER BY seq, idx) AS begun,
        if(before = 0, 0, if(sign(before) = sign(after - before), 0, least(abs(before), moved)))
            AS closing,
        moved - closing AS opening
    FROM moved
),
legs AS (
    SELECT *, arrayJoin([0, 1]) AS adds, if(adds = 1, opening, closing) AS size,
        begun - if(begins AND adds = 0, 1, 0) AS trip
    FROM numbered WHERE size > 0
)
SELECT strategy, instrument, trip,
    if(argMinIf(after, (seq, idx), adds = 1) > 0, 'long', 'short') AS direction,
    minIf(ts, adds = 1) AS opened_ns,
    sumIf(size, adds = 1) AS quantity,
    if(quantity = sumIf(size, adds = 0), max(ts), NULL) AS closed_ns,
    divideDecimal(sumIf(size * price, adds = 1), quantity, 18) AS entry,
    sumIf(size, adds = 0) AS closed,
    if(closed = 0, NULL, divideDecimal(sumIf(size * price, adds = 0),
        if(closed = 0, toDecimal256(1, 18), closed), 18)) AS exit,
    sumIf(realised, adds = 0) AS realised, any(currency) AS currency,
    sum(toFloat64(commission) * toFloat64(size) / toFloat64(moved)) AS commission,
    any(commission_currency) AS commission_currency,
    uniqExact(fill) AS fills, argMinIf(fill, (seq, idx), adds = 1) AS first_fill
FROM legs
GROUP BY strategy, instrument, trip
ORDER BY opened_ns, strategy, instrument, trip"""


class RoundTrip(msgspec.Struct, frozen=True, kw_only=True):
    """A position's life.

    Attributes:
        trip: counts from 1 for each strategy and instrument.
        closed_ns: when it was flat again; ``None`` while it is open.
        quantity: units that were opened in all.
        entry, exit: average prices; ``exit`` is ``None`` when nothing was closed yet.
        realised: profit before commission, exactly as the positions say.
        commission: what its fills cost; of a fill that turned the position round, its share.
        first_fill: id of the fill that began it.
    """

    strategy: str
    instrument: str
    trip: int
    direction: str
    opened_ns: Nanoseconds
    closed_ns: Nanoseconds | None
    quantity: Quantity
    entry: Price
    exit: Price | None
    realised: Decimal
    currency: str
    commission: float
    commission_currency: str
    fills: int
    first_fill: str


def round_trips(queries: Queries, run: str) -> tuple[RoundTrip, ...]:
    """Every round trip of a run in the order of their openings, those still open included."""
    return ask(queries, _SQL, {"run": run}, RoundTrip)
