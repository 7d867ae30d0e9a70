"""Symbols as files and people write them: ``eurusd``, ``EUR/USD``, ``BTC-USD``, ``BTCUSDT``."""

import re
from typing import Final

# fmt: off
FIAT: Final = frozenset({
    "AED", "AUD", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF",
    "IDR", "ILS", "INR", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "RUB",
    "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR",
})
METALS: Final = frozenset({"XAU", "XAG", "XPT", "XPD"})
INDICES: Final = frozenset({
    "AU200", "CN50", "DE30", "DE40", "ESPIX", "EU50", "FR40", "HK33", "JP225", "NAS100", "NL25",
    "SG30", "SPX500", "UK100", "US2000", "US30",
})
"""Index CFDs by the names that Oanda and FXCM use."""
COINS: Final = frozenset({
    "ADA", "AVAX", "BCH", "BNB", "BTC", "DASH", "DOGE", "DOT", "EOS", "ETC", "ETH", "FIL", "LINK",
    "LTC", "SOL", "TRX", "UNI", "XBT", "XLM", "XMR", "XRP", "ZEC",
})
# fmt: on
PERPETUAL: Final = "-PERP"
"""Ends the symbol of a perpetual; its files are named by the pair alone."""
STABLECOINS: Final = ("USDT", "USDC", "BUSD", "FDUSD", "TUSD", "DAI")
CRYPTO_QUOTES: Final = (*STABLECOINS, "BTC", "ETH", "BNB", *sorted(FIAT))

_SEPARATOR: Final = re.compile(r"[/_-]")


def compact(symbol: str) -> str:
    """The symbol without separators, in capitals: what two ways of writing it have in common."""
    return _SEPARATOR.sub("", symbol).upper()


def names_same(one: str, other: str) -> bool:
    """Whether two ways of writing a symbol mean the same pair, contract or share."""
    return _bare(one) == _bare(other)


def _bare(symbol: str) -> str:
    return compact(symbol.upper().removesuffix(PERPETUAL))


def pair_of(symbol: str) -> tuple[str, str] | None:
    """Base and quote of a currency, metal, index or coin pair; ``None`` when it is none."""
    parts = _SEPARATOR.split(symbol.upper())
    if len(parts) == 2 and all(parts):
        return parts[0], parts[1]
    whole = compact(symbol)
    if len(whole) > 6 and whole[:-3] in INDICES and whole[-3:] in FIAT:
        return whole[:-3], whole[-3:]
    if len(whole) == 6 and whole[3:] in FIAT and whole[:3] in FIAT | METALS | COINS:
        return whole[:3], whole[3:]
    for quote in CRYPTO_QUOTES:
        base = whole.removesuffix(quote)
        if base != whole and (base in COINS or quote in STABLECOINS) and base:
            return base, quote
    return None
