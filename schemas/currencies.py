"""How finely a currency counts."""

from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final

_TWO: Final = (
    "AUD BRL CAD CHF CNH CNY CZK DKK EUR GBP HKD HUF ILS INR MXN NOK NZD PLN RUB SAR SEK SGD THB "
    "TRY TWD USD XAG XAU XPT ZAR"
)

_PRECISIONS: Final = MappingProxyType(
    dict.fromkeys(_TWO.split(), 2)
    | dict.fromkeys(("JPY", "KRW"), 0)
    | dict.fromkeys(("ADA", "XRP", "XTZ"), 6)
)

_COIN: Final = 8
"""Coins, and whatever the venue's table does not list, count in hundred-millionths."""


def minor_digits(currency: str) -> int:
    """Decimal places of an amount in ``currency``, as NautilusTrader's currency table has them."""
    return _PRECISIONS.get(currency, _COIN)


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount in ``currency``, such as a cent."""
    return Decimal(1).scaleb(-minor_digits(currency))
