"""Exposure over time: what was held of each instrument, after each fill."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds, Price, Quantity

_SQL: Final = """
SELECT toUnixTimestamp64Nano(p.ts_event) AS ts, p.strategy AS strategy,
    p.instrument AS instrument, p.quantity AS quantity, p.average_price AS average_price,
    f.price AS price
FROM positions AS p
INNER JOIN fills AS f ON f.run = p.run AND f.trade_id = p.trade_id
    AND f.strategy = p.strategy AND f.instrument = p.instrument
WHERE p.run = {run:String} ORDER BY p.seq, p.idx"""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A net position from ``ts`` on; ``price`` is that of the fill which made it."""

    ts: Nanoseconds
    strategy: str
    instrument: str
    quantity: Quantity
    average_price: Price | None
    price: Price


def exposure(queries: Queries, run: str) -> tuple[Held, ...]:
    """Every change of a position, in the journal's order."""
    return ask(queries, _SQL, {"run": run}, Held)
