"""What the columns of a table with a header mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from actors.feeds.columns import PRICES
from actors.feeds.errors import FeedError, Unreadable
from actors.feeds.text.layout import AGGRESSOR, TIME, TRADE_ID
from events.batches import BatchKind

_SIDES: Final = ("bid", "ask")
USUAL_NAMES: Final = {
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
"""By meaning, in small letters."""
_MEANINGS: Final = {name: meaning for meaning, names in USUAL_NAMES.items() for name in names}
_KINDS: Final = (BatchKind.QUOTE_BARS, BatchKind.QUOTES, BatchKind.TRADE_BARS, BatchKind.TRADES)
_NEEDED: Final = {kind: (TIME, *PRICES[kind]) for kind in _KINDS} | {
    BatchKind.TRADES: (TIME, "price", "size")
}
"""A trade of no size is none, so its size is needed, too."""
_OPTIONAL: Final = {
    BatchKind.QUOTES: ("bid_size", "ask_size"),
    BatchKind.TRADES: (AGGRESSOR, TRADE_ID),
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

    Args:
        given: meaning by column name; an empty one for a column that is not needed.

    Raises:
        FeedError: the mapping gives a meaning that there is not.
        Unreadable: they are neither quotes, trades nor bars with a time, or the time is split.
    """
    meanings = _meanings(name, header, given)
    first = {meaning: meanings.index(meaning) for meaning in meanings if meaning}
    for kind in _KINDS:
        needed = _NEEDED[kind]
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
        " price, size) nor bars (time, open, high, low, close); say in `columns` what they mean",
    )


def _meanings(name: str, header: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """The meaning of each column; a usual name gives way to a column that the user named."""
    for column, meaning in given.items():
        if meaning and meaning not in USUAL_NAMES:
            known = ", ".join(USUAL_NAMES)
            raise FeedError(f"column {column!r} cannot mean {meaning!r}; there are: {known}")
    told = {given[column] for column in header if column in given}
    usual = [_MEANINGS.get(column.strip().lower(), "") for column in header]
    meanings = [
        given.get(column, "" if its in told else its)
        for column, its in zip(header, usual, strict=True)
    ]
    names = [column for column, its in zip(header, meanings, strict=True) if its == TIME]
    if {"date", "time"} <= {column.strip().lower() for column in names}:
        text = (
            f"the columns {' and '.join(names)} both say the time: join them into one, or say in"
            " `columns` which of them does"
        )
        raise Unreadable(name, 1, "wrong_columns", text)
    return meanings


def _sides(header: Sequence[str], fields: Sequence[str]) -> Mapping[str, int]:
    if AGGRESSOR in fields and "maker" in header[fields.index(AGGRESSOR)].lower():
        return SIDES_BY_BUYER_AS_MAKER
    return SIDES_OF_A_TAKER
