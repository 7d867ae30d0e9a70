"""Futures contracts by their codes: ``ESZ13`` is the E-mini S&P 500 of December 2013."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from schemas.market import AssetClass, Instrument
from schemas.quantities import Nanoseconds, nanoseconds

MONTH_CODES: Final = "FGHJKMNQUVXZ"
_CODE: Final = re.compile(rf"([A-Z0-9]{{1,3}}?)([{MONTH_CODES}])(\d{{2}})")


class Expiry(StrEnum):
    """When a contract stops trading. Holidays are not considered."""

    THIRD_FRIDAY = "third Friday of the month, 13:30 UTC"
    THIRD_LAST_WEEKDAY = "third last weekday of the month"
    BEFORE_THIRD_WEDNESDAY = "two weekdays before the third Wednesday"
    LAST_WEEKDAY = "last weekday of the month"


@dataclass(frozen=True, slots=True)
class Product:
    """What the contracts of a product have in common."""

    multiplier: Decimal
    tick_size: Decimal
    expiry: Expiry


PRODUCTS: Final[dict[str, Product]] = {
    "ES": Product(Decimal(50), Decimal("0.25"), Expiry.THIRD_FRIDAY),
    "MES": Product(Decimal(5), Decimal("0.25"), Expiry.THIRD_FRIDAY),
    "NQ": Product(Decimal(20), Decimal("0.25"), Expiry.THIRD_FRIDAY),
    "MNQ": Product(Decimal(2), Decimal("0.25"), Expiry.THIRD_FRIDAY),
    "RTY": Product(Decimal(50), Decimal("0.1"), Expiry.THIRD_FRIDAY),
    "YM": Product(Decimal(5), Decimal(1), Expiry.THIRD_FRIDAY),
    "GC": Product(Decimal(100), Decimal("0.1"), Expiry.THIRD_LAST_WEEKDAY),
    "MGC": Product(Decimal(10), Decimal("0.1"), Expiry.THIRD_LAST_WEEKDAY),
    "SI": Product(Decimal(5000), Decimal("0.005"), Expiry.THIRD_LAST_WEEKDAY),
    "HG": Product(Decimal(25000), Decimal("0.0005"), Expiry.THIRD_LAST_WEEKDAY),
    "6A": Product(Decimal(100000), Decimal("0.00005"), Expiry.BEFORE_THIRD_WEDNESDAY),
    "6B": Product(Decimal(62500), Decimal("0.0001"), Expiry.BEFORE_THIRD_WEDNESDAY),
    "6E": Product(Decimal(125000), Decimal("0.00005"), Expiry.BEFORE_THIRD_WEDNESDAY),
    "ZN": Product(Decimal(1000), Decimal("0.015625"), Expiry.LAST_WEEKDAY),
    "ZB": Product(Decimal(1000), Decimal("0.03125"), Expiry.LAST_WEEKDAY),
}
"""By root symbol: value in dollars of one point, and the smallest step of a price."""


def contract_code(root: str, year: int, month: int) -> str:
    """The code of a contract, such as ``ESZ13``."""
    return f"{root.upper()}{MONTH_CODES[month - 1]}{year % 100:02d}"


def contract(code: str, venue: str) -> Instrument | None:
    """The terms behind a code; ``None`` when it is none, or of a product that is not known."""
    match = _CODE.fullmatch(code)
    product = PRODUCTS.get(match.group(1)) if match else None
    if match is None or product is None:
        return None
    year, month = int(match.group(3)), MONTH_CODES.index(match.group(2)) + 1
    year += 1900 if year >= 70 else 2000
    return Instrument(
        id=f"{code}.{venue}",
        asset_class=AssetClass.FUTURE,
        quote_currency="USD",
        price_precision=max(-int(product.tick_size.as_tuple().exponent), 0),
        size_precision=0,
        tick_size=product.tick_size,
        lot_size=Decimal(1),
        multiplier=product.multiplier,
        margin_init=Decimal("0.05"),
        margin_maint=Decimal("0.04"),
        expiry=_expiry(product.expiry, year, month),
    )


def _expiry(rule: Expiry, year: int, month: int) -> Nanoseconds:
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    match rule:
        case Expiry.THIRD_FRIDAY:
            return _at(_third(first, weekday=4), 13, 30)
        case Expiry.BEFORE_THIRD_WEDNESDAY:
            return _at(_third(first, weekday=2) - timedelta(days=2), 14, 16)
        case Expiry.THIRD_LAST_WEEKDAY:
            return _at(_weekdays_back(last, 3), 18, 30)
        case Expiry.LAST_WEEKDAY:
            return _at(_weekdays_back(last, 1), 18, 0)


def _third(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 14)


def _weekdays_back(day: date, count: int) -> date:
    """The ``count``-th last weekday up to and with ``day``."""
    while True:
        count -= day.weekday() < 5
        if count == 0:
            return day
        day -= timedelta(days=1)


def _at(day: date, hour: int, minute: int) -> Nanoseconds:
    return nanoseconds(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC))
