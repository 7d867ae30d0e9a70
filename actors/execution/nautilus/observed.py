"""Single ticks for those who asked for them, read from the market's own records."""

import heapq
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, Literal

from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.unfolded import TICKS_PER_BAR
from actors.kit.inputs import Input
from events.batches import BatchKind
from schemas.identity import tick_id
from schemas.market import Quote, Trade
from schemas.quantities import Nanoseconds, from_mantissa

type _Moment = tuple[Nanoseconds, Quote | Trade | None, str]

_AGGRESSORS: Final[dict[int, Literal["buy", "sell", "none"]]] = {1: "buy", -1: "sell", 0: "none"}


def observed(stretches: Sequence[Stretch]) -> Iterator[Input | None]:
    """One item for every tick that the engine shows of an instrument's quotes or trades, in order.

    A recorded bar is four ticks to the engine but one observation, its close; the three before it
    are ``None``.
    """
    moments: Iterator[_Moment] = heapq.merge(*map(_moments, stretches), key=itemgetter(0))
    for ts, payload, name in moments:
        if payload is None:
            yield None
            continue
        author = f"venue.{payload.instrument.rpartition('.')[2]}"
        yield Input(id=name, author=author, cause=name, correlation=name, ts=ts, payload=payload)


def _moments(stretch: Stretch) -> Iterator[_Moment]:
    record = stretch.record
    is_bars = record.kind in (BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS)
    silent = TICKS_PER_BAR - 1 if is_bars else 0
    payloads: Iterator[Quote | Trade] = _quotes(stretch) if stretch.series[1] else _trades(stretch)
    for row, (ts, payload) in enumerate(zip(stretch.times.tolist(), payloads, strict=True)):
        for _ in range(silent):
            yield ts, None, ""
        yield ts, payload, tick_id(record.source, record.first + row)


def _quotes(stretch: Stretch) -> Iterator[Quote]:
    terms = stretch.record.terms
    suffix = "_close" if stretch.record.kind is BatchKind.QUOTE_BARS else ""
    names = (f"bid{suffix}", f"ask{suffix}", "bid_size", "ask_size")
    columns = (stretch.integers(name).tolist() for name in names)
    for bid, ask, bid_size, ask_size in zip(*columns, strict=True):
        yield Quote(
            instrument=terms.instrument,
            bid=from_mantissa(bid, terms.price_precision),
            ask=from_mantissa(ask, terms.price_precision),
            bid_size=from_mantissa(bid_size, terms.size_precision),
            ask_size=from_mantissa(ask_size, terms.size_precision),
        )


def _trades(stretch: Stretch) -> Iterator[Trade]:
    terms, batch = stretch.record.terms, stretch.record.batch
    if stretch.record.kind is BatchKind.TRADE_BARS:
        nobody = [0] * len(stretch.times), [""] * len(stretch.times)
        columns = stretch.integers("close").tolist(), stretch.integers("volume").tolist(), *nobody
    else:
        named = (batch.column(name) for name in ("price", "size", "aggressor", "trade_id"))
        columns = tuple(column.to_pylist() for column in named)
    for price, size, aggressor, trade_id in zip(*columns, strict=True):
        yield Trade(
            instrument=terms.instrument,
            price=from_mantissa(price, terms.price_precision),
            size=from_mantissa(size, terms.size_precision),
            aggressor=_AGGRESSORS[aggressor],
            trade_id=trade_id,
        )
