"""Slippage: what each fill cost against the market at its decision, and at its arrival."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.queries.reference import PRICES, moment_key
from projections.store.port import Queries
from schemas.quantities import Nanoseconds, Price, Quantity

_SQL: Final = f"""
WITH prices AS {PRICES},
turns AS (
    SELECT client_order_id,
        minIf(toUnixTimestamp64Nano(ts_event), kind = 'order.requested') AS decided_ns,
        minIf(toUnixTimestamp64Nano(ts_event),
            kind IN ('order.submitted', 'order.accepted')) AS arrived_ns
    FROM orders WHERE run = {{run:String}} GROUP BY client_order_id
),
filled AS (
    SELECT f.seq AS seq, f.idx AS idx, f.id AS fill, f.client_order_id AS client_order_id,
        f.strategy AS strategy, f.instrument AS instrument, f.side AS side, f.quantity AS quantity,
        f.price AS price, toUnixTimestamp64Nano(f.ts_event) AS filled_ns,
        nullIf(t.decided_ns, 0) AS decided_ns, nullIf(t.arrived_ns, 0) AS arrived_ns,
        {moment_key("t.decided_ns")} AS decided_key, {moment_key("t.arrived_ns")} AS arrived_key
    FROM fills AS f LEFT JOIN turns AS t ON t.client_order_id = f.client_order_id
    WHERE f.run = {{run:String}}
)
SELECT fill, client_order_id, strategy, f.instrument AS instrument, side, quantity, price,
    filled_ns, decided_ns, arrived_ns,
    if(isNull(decided_ns) OR d.bid = 0, NULL, d.mid) AS decided_mid,
    if(isNull(decided_ns) OR d.bid = 0, NULL, if(side = 'buy', d.ask, d.bid)) AS decided_touch,
    if(isNull(arrived_ns) OR a.bid = 0, NULL, a.mid) AS arrived_mid,
    if(isNull(arrived_ns) OR a.bid = 0, NULL, if(side = 'buy', a.ask, a.bid)) AS arrived_touch,
    if(side = 'buy', 1, -1) AS way,
    (toFloat64(price) - decided_mid) * way AS cost_to_decided_mid,
    (toFloat64(price) - decided_touch) * way AS cost_to_decided_touch,
    (toFloat64(price) - arrived_mid) * way AS cost_to_arrived_mid,
    (toFloat64(price) - arrived_touch) * way AS cost_to_arrived_touch
FROM filled AS f
ASOF LEFT JOIN prices AS d ON d.instrument = f.instrument AND d.key <= f.decided_key
ASOF LEFT JOIN prices AS a ON a.instrument = f.instrument AND a.key <= f.arrived_key
ORDER BY seq, idx"""


class Slippage(msgspec.Struct, frozen=True, kw_only=True):
    """One fill against the market.

    Attributes:
        decided_ns: when its order was requested; ``None`` for the legs of a bracket, which nobody
            requested by themselves.
        arrived_ns: when the venue first had it.
        ..._mid, ..._touch: the mid at those times, and the price that the side would have taken
            (ask to buy, bid to sell); ``None`` when there was none.
        cost_to_...: fill price less that price, times the side: positive cost, in price.
    """

    fill: str
    client_order_id: str
    strategy: str
    instrument: str
    side: str
    quantity: Quantity
    price: Price
    filled_ns: Nanoseconds
    decided_ns: Nanoseconds | None
    arrived_ns: Nanoseconds | None
    decided_mid: float | None
    decided_touch: float | None
    arrived_mid: float | None
    arrived_touch: float | None
    cost_to_decided_mid: float | None
    cost_to_decided_touch: float | None
    cost_to_arrived_mid: float | None
    cost_to_arrived_touch: float | None


def slippage(queries: Queries, run: str) -> tuple[Slippage, ...]:
    """Every fill of a run, in the journal's order."""
    return ask(queries, _SQL, {"run": run}, Slippage)
