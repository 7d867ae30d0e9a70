"""Closed bars out of the market log, as the cell would have seen them, with spread and flow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.feeds.intervals import interval_ns
from actors.patterns.candles import Candles
from actors.patterns.features.panel import Observed
from events.batches import BatchKind, MarketRecord
from events.market_log import MarketReader
from projections.analytics.series import Doubles
from schemas.errors import UserError
from schemas.quantities import Nanoseconds

_SIDES: Final = ("open", "high", "low", "close")

UNKNOWN_SIZE: Final = 1_000_000
"""What the simulated venue takes a quote to be worth whose size nobody told: units a side."""


class NoBars(UserError):
    """A source holds nothing that bars can be made of."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Moves:
    """Ticks, or recorded bars, oldest first: float64[n] each, prices in the quote currency.

    Attributes:
        ts: int64[n]; of recorded bars, when they closed.
        signed: net size bought, or net rises of the mid; total: what ``signed`` is a share of.
        length: of recorded bars, nanoseconds; 0 for ticks.
    """

    ts: NDArray[np.int64]
    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles
    spread: Doubles
    signed: Doubles
    total: Doubles
    length: Nanoseconds


def observed_bars(
    log: MarketReader,
    sources: Sequence[str],
    interval: str,
    *,
    from_ts: Nanoseconds | None = None,
    to_ts: Nanoseconds | None = None,
) -> dict[str, Observed]:
    """Bars by instrument: mids of quotes, prices of trades. Recorded bars of the interval stand as
    they are, shorter ones and ticks are put together; the tick at a boundary belongs to the bar
    that closes there, and where the market was silent there is no bar.

    Args:
        from_ts, to_ts: bars that closed at or after the first and before the second.

    Raises:
        NoBars: a source holds neither ticks nor bars, or longer bars alone.
        FeedError: ``interval`` is none.
    """
    length = interval_ns(interval)
    parts: dict[str, list[Observed]] = {}
    for source in sources:
        instrument, moves = _moves(source, log.read(source))
        if moves.length > length or (moves.length and length % moves.length):
            raise NoBars(f"source {source}: its bars cannot be put together to {interval}")
        bars = _within(_barred(moves, length), from_ts, to_ts)
        parts.setdefault(instrument, []).append(bars)
    return {name: _joined(parts[name]) for name in sorted(parts)}


def _moves(source: str, records: Iterable[MarketRecord]) -> tuple[str, Moves]:
    found = [record for record in records if record.kind is not BatchKind.FACTS]
    if not found:
        raise NoBars(f"source {source}: it holds no ticks and no bars")
    columns: list[dict[str, Doubles]] = [_columns(record) for record in found]
    joined = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
    ts = np.concatenate([_integers(record, "ts_event") for record in found])
    terms = found[0].terms
    length = interval_ns(terms.interval) if terms.interval else 0
    if "signed" not in joined:
        change = np.diff(joined["close"], prepend=joined["close"][0])
        joined |= {"signed": np.sign(change), "total": np.abs(np.sign(change))}
    return terms.instrument, Moves(ts=ts, length=length, **joined)


def _columns(record: MarketRecord) -> dict[str, Doubles]:
    price, size = 10.0**record.terms.price_precision, 10.0**record.terms.size_precision
    match record.kind:
        case BatchKind.QUOTES:
            bid, ask = _integers(record, "bid"), _integers(record, "ask")
            # Sums of integers and one division: the very double of the exact decimal.
            mid = (bid + ask) / (2 * price)
            return {
                **dict.fromkeys(_SIDES, mid),
                "volume": _quoted_sizes(record, ticks=1),
                "spread": (ask - bid) / price,
            }
        case BatchKind.TRADES:
            traded = _integers(record, "price") / price
            volume = _integers(record, "size") / size
            signed = volume * record.batch.column("aggressor").to_numpy()
            return {
                **dict.fromkeys(_SIDES, traded),
                "volume": volume,
                "spread": np.zeros(record.rows),
                "signed": signed,
                "total": volume,
            }
        case BatchKind.QUOTE_BARS:
            sides = {name: _integers(record, f"bid_{name}") for name in _SIDES}
            asks = {name: _integers(record, f"ask_{name}") for name in _SIDES}
            return {
                **{name: (sides[name] + asks[name]) / (2 * price) for name in _SIDES},
                "volume": _quoted_sizes(record, ticks=4),
                "spread": (asks["close"] - sides["close"]) / price,
            }
        case _:
            prices = {name: _integers(record, name) / price for name in _SIDES}
            volume = _integers(record, "volume") / size
            return {**prices, "volume": volume, "spread": np.zeros(record.rows)}


def _quoted_sizes(record: MarketRecord, *, ticks: int) -> Doubles:
    """The mean of both sides; a recorded bar stands for four ticks."""
    unit = 10**record.terms.size_precision
    sides = [_integers(record, f"{side}_size") for side in ("bid", "ask")]
    known = [np.where(size == 0, ticks * UNKNOWN_SIZE * unit, size) for size in sides]
    return np.asarray((known[0] + known[1]) / (2 * unit))


def _integers(record: MarketRecord, name: str) -> NDArray[np.int64]:
    column = record.batch.column(name)
    return np.asarray(column.view("int64") if name == "ts_event" else column, dtype=np.int64)


def _barred(moves: Moves, length: Nanoseconds) -> Observed:
    """Moves put together to bars of that length; bars that have it already are left as they are."""
    if moves.length == length:
        first = np.arange(len(moves.ts))
        closes = moves.ts
    else:
        behind = -(-moves.ts // length) * length
        first = np.flatnonzero(np.diff(behind, prepend=behind[0] - 1))
        closes = behind[first]
    last = np.append(first[1:], len(moves.ts)) - 1
    counts = np.diff(first, append=len(moves.ts))
    total = np.add.reduceat(moves.total, first)
    signed = np.add.reduceat(moves.signed, first)
    candles = Candles(
        open=moves.open[first],
        high=np.maximum.reduceat(_reach(moves, np.maximum), first),
        low=np.minimum.reduceat(_reach(moves, np.minimum), first),
        close=moves.close[last],
        volume=np.add.reduceat(moves.volume, first),
        ts_close=closes,
    )
    return Observed(
        candles=candles,
        spread=np.add.reduceat(moves.spread, first) / counts,
        flow=np.where(total > 0, signed / np.where(total > 0, total, 1.0), 0.0),
    )


def _reach(moves: Moves, furthest: np.ufunc) -> Doubles:
    """The mid of a bid's and an ask's extremes need not hold the mid of their closes."""
    return np.asarray(furthest.reduce([moves.open, moves.high, moves.low, moves.close]))


def _within(bars: Observed, from_ts: Nanoseconds | None, to_ts: Nanoseconds | None) -> Observed:
    times = bars.candles.ts_close
    start = 0 if from_ts is None else int(np.searchsorted(times, from_ts))
    stop = len(times) if to_ts is None else int(np.searchsorted(times, to_ts))
    return Observed(
        candles=bars.candles[start:stop],
        spread=None if bars.spread is None else bars.spread[start:stop],
        flow=None if bars.flow is None else bars.flow[start:stop],
    )


def _joined(parts: Sequence[Observed]) -> Observed:
    """One instrument's sources in the order of time; of two bars of one time the first stays."""
    if len(parts) == 1:
        return parts[0]
    columns = {
        name: np.concatenate([getattr(each.candles, name) for each in parts])
        for name in ("open", "high", "low", "close", "volume", "ts_close")
    }
    _, kept = np.unique(columns["ts_close"], return_index=True)
    return Observed(
        candles=Candles(**{name: column[kept] for name, column in columns.items()}),
        spread=_beside(parts, "spread")[kept],
        flow=_beside(parts, "flow")[kept],
    )


def _beside(parts: Sequence[Observed], name: str) -> Doubles:
    return np.concatenate([getattr(each, name) for each in parts])
