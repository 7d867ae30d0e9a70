"""A market record as the events that a fold of windows has to see: few, however many its rows."""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from events.batches import BatchKind, MarketRecord
from events.codecs.json import decode_payload
from events.rows import row_id, row_kind, row_time
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


def _stretch(record: MarketRecord, row: int, rows: int) -> Stretch:
    learned = int(record.batch.column("ts_init")[row].value)
    delay = learned - row_time(record, row)
    payload = _payload(record, row)
    if payload is None:
        return Stretch(rows=rows, last=None, delay=delay)
    name = row_id(record, row)
    last = Event(
        id=name,
        author=record.source,
        cause=name,
        correlation=name,
        ts=row_time(record, row),
        ts_recorded=learned,
        payload=payload,
    )
    return Stretch(rows=rows, last=last, delay=delay)


def _payload(record: MarketRecord, row: int) -> Payload | None:
    """The row as a decider sees it: a recorded bar is its close."""
    match record.kind:
        case BatchKind.QUOTES:
            return _quote(record, row, "")
        case BatchKind.QUOTE_BARS:
            return _quote(record, row, "_close")
        case BatchKind.TRADES:
            aggressor = _AGGRESSORS.get(_integer(record, row, "aggressor"), "none")
            return _trade(record, row, ("price", "size"), aggressor)
        case BatchKind.TRADE_BARS:
            return _trade(record, row, ("close", "volume"), "none")
        case BatchKind.FACTS:
            return _gap(record, row)


def _quote(record: MarketRecord, row: int, suffix: str) -> Quote:
    terms = record.terms
    bid, ask = (
        from_mantissa(_integer(record, row, f"{side}{suffix}"), terms.price_precision)
        for side in ("bid", "ask")
    )
    bid_size, ask_size = (
        from_mantissa(_integer(record, row, name), terms.size_precision)
        for name in ("bid_size", "ask_size")
    )
    return Quote(
        instrument=terms.instrument, bid=bid, ask=ask, bid_size=bid_size, ask_size=ask_size
    )


def _trade(
    record: MarketRecord,
    row: int,
    names: tuple[str, str],
    aggressor: Literal["buy", "sell", "none"],
) -> Trade:
    price, size = (_integer(record, row, name) for name in names)
    terms = record.terms
    return Trade(
        instrument=terms.instrument,
        price=from_mantissa(price, terms.price_precision),
        size=from_mantissa(size, terms.size_precision),
        aggressor=aggressor,
    )


def _gap(record: MarketRecord, row: int) -> Payload | None:
    if row_kind(record, row) != Gap.KIND:
        return None
    batch = record.batch
    return decode_payload(
        Gap.KIND,
        batch.column("version")[row].as_py(),
        batch.column("payload")[row].as_py().encode(),
    )


def _integer(record: MarketRecord, row: int, name: str) -> int:
    return int(record.batch.column(name)[row].as_py())
