"""What the columns of a table with a header mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from actors.feeds.columns import PRICES
from actors.feeds.errors import Unreadable
from actors.feeds.text.layout import AGGRESSOR, TIME, TRADE_ID
from events.batches import BatchKind

_SIDES: Final = ("bid", "ask")
_SYNONYMS: Final = {
    TIME: (
        *("time", "timestamp", "date", "datetime", "ts", "ts_event", "time_seconds", "time_ms"),
        *("timestamp_utc", "open_time", "timestamp_ms", "transact_time", "gmt time", "utc"),
    ),
    "bid": ("bid", "bid_price", "bidprice", "best_bid", "bid price"),
    "ask": ("ask", "ask_price", "askprice", "best_ask", "offer", "ask price"),
    "bid_size": ("bid_size", "bidsize", "bid_qty", "bidvolume", "bid_volume", "bid volume"),
    "ask_size": ("ask_size", "asksize", "ask_qty", "askvolume", "ask_volume", "ask volume"),
    "price": ("price", "last", "last_price", "trade_price", "px"),
    "size": ("size", "qty", "quantity", "amount", "last_size", "trade_size"),
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v"),
    TRADE_ID: ("trade_id", "tradeid", "tid", "id"),
    AGGRESSOR: ("aggressor", "aggressor_side", "side", "is_buyer_maker", "taker_side"),
    **{
        f"{side}_{name}": (f"{side}_{name}",)
        for side in _SIDES
        for name in ("open", "high", "low", "close")
    },
}
_MEANINGS: Final = {name: meaning for meaning, names in _SYNONYMS.items() for name in names}
_KINDS: Final = (BatchKind.QUOTE_BARS, BatchKind.QUOTES, BatchKind.TRADE_BARS, BatchKind.TRADES)
_OPTIONAL: Final = {
    BatchKind.QUOTES: ("bid_size", "ask_size"),
    BatchKind.TRADES: ("size", AGGRESSOR, TRADE_ID),
    BatchKind.QUOTE_BARS: ("bid_size", "ask_size"),
    BatchKind.TRADE_BARS: ("volume",),
}
SIDES_OF_A_TAKER: Final = {
    "buy": 1,
    "b": 1,
    "bid": 1,
    "1": 1,
    "sell": -1,
    "s": -1,
    "ask": -1,
    "-1": -1,
}
SIDES_BY_BUYER_AS_MAKER: Final = {"true": -1, "1": -1, "false": 1, "0": 1}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: the kind of the rows, a meaning or an empty string for each column."""

    kind: BatchKind
    fields: tuple[str, ...]
    aggressor: Mapping[str, int]


def understand(name: str, header: Sequence[str], given: Mapping[str, str]) -> Heading:
    """The meaning of a header's columns, by the user's mapping first and then by the usual names.

    Raises:
        Unreadable: they are neither quotes, trades nor bars with a time.
    """
    meanings = [given.get(column) or _MEANINGS.get(column.strip().lower(), "") for column in header]
    first = {meaning: meanings.index(meaning) for meaning in meanings if meaning}
    for kind in _KINDS:
        needed = (TIME, *PRICES[kind])
        if not all(meaning in first for meaning in needed):
            continue
        wanted = {first[meaning] for meaning in (*needed, *_OPTIONAL[kind]) if meaning in first}
        fields = tuple(meaning if i in wanted else "" for i, meaning in enumerate(meanings))
        return Heading(kind, fields, _sides(header, fields))
    raise Unreadable(
        name,
        1,
        "wrong_columns",
        f"the columns {', '.join(header)!r} are neither quotes (time, bid, ask), trades (time,"
        " price) nor bars (time, open, high, low, close); say with a column mapping what they mean",
    )


def _sides(header: Sequence[str], fields: Sequence[str]) -> Mapping[str, int]:
    if AGGRESSOR in fields and "maker" in header[fields.index(AGGRESSOR)].lower():
        return SIDES_BY_BUYER_AS_MAKER
    return SIDES_OF_A_TAKER
