"""Which columns of each kind of batch are prices, and which are sizes."""

from typing import Final

from events.batches import BatchKind

_BAR: Final = ("open", "high", "low", "close")

PRICES: Final[dict[BatchKind, tuple[str, ...]]] = {
    BatchKind.QUOTES: ("bid", "ask"),
    BatchKind.TRADES: ("price",),
    BatchKind.QUOTE_BARS: (
        *(f"bid_{name}" for name in _BAR),
        *(f"ask_{name}" for name in _BAR),
    ),
    BatchKind.TRADE_BARS: _BAR,
}

SIZES: Final[dict[BatchKind, tuple[str, ...]]] = {
    BatchKind.QUOTES: ("bid_size", "ask_size"),
    BatchKind.TRADES: ("size",),
    BatchKind.QUOTE_BARS: ("bid_size", "ask_size"),
    BatchKind.TRADE_BARS: ("volume",),
}

SIDES: Final[dict[BatchKind, tuple[str, ...]]] = {
    BatchKind.QUOTE_BARS: ("bid_", "ask_"),
    BatchKind.TRADE_BARS: ("",),
}
"""Prefixes of the open, high, low and close of each side of a bar."""

SIZE_NAMES: Final = frozenset(name for names in SIZES.values() for name in names)
