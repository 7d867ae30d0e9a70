"""One price a row, for the checks that look at how prices move."""

from actors.feeds.rows import Int64s, Rows
from events.batches import BatchKind


def twice_mid(kind: BatchKind, rows: Rows) -> Int64s:
    """Twice the mid, the price, or the close: whole numbers, so that they stay exact."""
    columns = rows.columns
    match kind:
        case BatchKind.QUOTES:
            return columns["bid"] + columns["ask"]
        case BatchKind.TRADES:
            return 2 * columns["price"]
        case BatchKind.QUOTE_BARS:
            return columns["bid_close"] + columns["ask_close"]
        case BatchKind.TRADE_BARS:
            return 2 * columns["close"]
        case BatchKind.FACTS:
            raise ValueError("facts have no price")
