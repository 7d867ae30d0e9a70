"""A market record as the events that a fold of windows has to see: few, however many its rows."""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from events.batches import BatchKind, MarketRecord
from events.codecs.json import decode_payload
from events.record_rows import row_at
from events.rows import Row
from schemas.envelope import AnyEvent, Event
from schemas.market import Gap, Quote, Trade
from schemas.quantities import Nanoseconds, from_mantissa
from schemas.registry import Payload

_AGGRESSORS: Final[dict[int, Literal["buy", "sell", "none"]]] = {1: "buy", -1: "sell", 0: "none"}


class Stretch(msgspec.Struct, frozen=True):
    """Consecutive rows of a record that fall into one window.

    Attributes:
        last: the last of them as an event; ``None`` for facts that no window watches.
        delay: of the last row, from when it happened to when we learned of it.
    """

    rows: int
    last: AnyEvent | None
    delay: Nanoseconds


def stretches(
    record: MarketRecord, length: Nanoseconds, end: Nanoseconds | None
) -> Iterator[Stretch]:
    """The rows of a record, cut behind the first row of a window and where the window ends.

    A row that is late counts in the window that is open, as it does for a decider; so it is always
    the first row of a window, and never a late one, that says when the window begins.

    Args:
        length: of a window.
        end: of the window that is open; ``None`` before the first.

    Raises:
        Corrupt, UnknownKind: a fact cannot be read.
    """
    if record.kind is BatchKind.FACTS:
        for row in range(record.rows):
            yield _stretch(record, row, 1)
        return
    times: NDArray[np.int64] = record.batch.column("ts_event").cast("int64").to_numpy()
    numbers = times // length
    if end is not None:
        numbers = np.maximum(numbers, end // length - 1)
    begins = np.flatnonzero(np.diff(np.maximum.accumulate(numbers))) + 1
    cuts = {1, record.rows, *(cut for begin in begins.tolist() for cut in (begin, begin + 1))}
    start = 0
    for cut in sorted(cuts):
        yield _stretch(record, cut - 1, cut - start)
        start = cut


def _stretch(record: MarketRecord, index: int, rows: int) -> Stretch:
    row = row_at(record, index)
    learned = int(row.cells["ts_init"] or 0)
    delay = learned - row.ts
    payload = _payload(row)
    if payload is None:
        return Stretch(rows=rows, last=None, delay=delay)
    name = row.id
    last = Event(
        id=name,
        author=record.source,
        cause=name,
        correlation=name,
        ts=row.ts,
        ts_recorded=learned,
        payload=payload,
    )
    return Stretch(rows=rows, last=last, delay=delay)


def _payload(row: Row) -> Payload | None:
    """The row as a decider sees it: a recorded bar is its close."""
    match row.batch_kind:
        case BatchKind.QUOTES:
            return _quote(row, "")
        case BatchKind.QUOTE_BARS:
            return _quote(row, "_close")
        case BatchKind.TRADES:
            aggressor = _AGGRESSORS.get(_integer(row, "aggressor"), "none")
            return _trade(row, ("price", "size"), aggressor)
        case BatchKind.TRADE_BARS:
            return _trade(row, ("close", "volume"), "none")
        case BatchKind.FACTS:
            return _gap(row)


def _quote(row: Row, suffix: str) -> Quote:
    terms = row.terms
    bid, ask = (
        from_mantissa(_integer(row, f"{side}{suffix}"), terms.price_precision)
        for side in ("bid", "ask")
    )
    bid_size, ask_size = (
        from_mantissa(_integer(row, name), terms.size_precision)
        for name in ("bid_size", "ask_size")
    )
    return Quote(
        instrument=terms.instrument, bid=bid, ask=ask, bid_size=bid_size, ask_size=ask_size
    )


def _trade(row: Row, names: tuple[str, str], aggressor: Literal["buy", "sell", "none"]) -> Trade:
    price, size = (_integer(row, name) for name in names)
    terms = row.terms
    return Trade(
        instrument=terms.instrument,
        price=from_mantissa(price, terms.price_precision),
        size=from_mantissa(size, terms.size_precision),
        aggressor=aggressor,
    )


def _gap(row: Row) -> Payload | None:
    if row.kind != Gap.KIND:
        return None
    return decode_payload(Gap.KIND, _integer(row, "version"), str(row.cells["payload"]).encode())


def _integer(row: Row, name: str) -> int:
    return int(row.cells[name] or 0)
