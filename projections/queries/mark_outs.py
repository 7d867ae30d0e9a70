"""Mark-outs: where the market stood some time after each fill, in the fill's favour."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.queries.reference import PRICES, moment_key
from projections.store.port import Queries
from schemas.quantities import Nanoseconds, Price

HORIZONS_S: Final = (1, 10, 60, 300)

_SQL: Final = f"""
WITH prices AS {PRICES},
    (SELECT mapFromArrays(groupArray(instrument), groupArray(key))
        FROM (SELECT instrument, max(key) AS key FROM prices GROUP BY instrument)) AS last_key
SELECT f.id AS fill, f.client_order_id AS client_order_id, f.strategy AS strategy,
    f.instrument AS instrument, f.side AS side, f.price AS price, f.filled_ns AS filled_ns,
    f.horizon_s AS horizon_s,
    if(f.key > bitOr(last_key[f.instrument], bitShiftLeft(toInt128(1), 40) - 1), NULL, p.mid)
        AS later_mid,
    (later_mid - toFloat64(f.price)) * if(f.side = 'buy', 1, -1) AS gain,
    gain / toFloat64(f.price) * 10000 AS gain_bps
FROM (
    SELECT *, toUnixTimestamp64Nano(ts_event) AS filled_ns,
        arrayJoin(arrayMap(s -> toInt64(s), splitByChar(',', {{horizons:String}}))) AS horizon_s,
        {moment_key("filled_ns + horizon_s * 1000000000")} AS key
    FROM fills WHERE run = {{run:String}}
) AS f
ASOF LEFT JOIN prices AS p ON p.instrument = f.instrument AND p.key <= f.key
ORDER BY f.seq, f.idx, horizon_s"""


class MarkOut(msgspec.Struct, frozen=True, kw_only=True):
    """One fill at one horizon.

    Attributes:
        later_mid: the mid ``horizon_s`` seconds later; ``None`` when the data ended before.
        gain: how far the mid had moved in the fill's favour, in price; negative is adverse.
        gain_bps: the same in hundredths of a percent of the fill's price.
    """

    fill: str
    client_order_id: str
    strategy: str
    instrument: str
    side: str
    price: Price
    filled_ns: Nanoseconds
    horizon_s: int
    later_mid: float | None
    gain: float | None
    gain_bps: float | None


def mark_outs(
    queries: Queries, run: str, horizons_s: tuple[int, ...] = HORIZONS_S
) -> tuple[MarkOut, ...]:
    """Every fill of a run at every horizon, in the journal's order."""
    horizons = ",".join(map(str, horizons_s))
    return ask(queries, _SQL, {"run": run, "horizons": horizons}, MarkOut)
