"""The catalogue: an instrument's terms from its symbol and venue, or from the user.

Ids are ``SYMBOL.VENUE`` as NautilusTrader writes them: ``EUR/USD.FXCM``, ``XAU/USD.OANDA``,
``SPY.USA``, ``ESZ13.CME``, ``BTC/USD.COINBASE``, ``BTCUSDT.BINANCE``, ``BTCUSDT-PERP.BINANCE``.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from actors.feeds.errors import FeedError
from actors.feeds.futures import contract
from actors.feeds.symbols import FIAT, INDICES, METALS, PERPETUAL, compact, pair_of
from schemas.market import AssetClass, Instrument
from schemas.quantities import nanoseconds

# fmt: off
_EQUITY_VENUES: Final = frozenset({
    "AMEX", "ARCA", "BATS", "IEX", "LSE", "NASDAQ", "NYSE", "TSE", "TSX", "USA", "XETRA", "XNAS",
    "XNYS",
})
# fmt: on
_EQUITY_CURRENCIES: Final = {"LSE": "GBP", "TSE": "JPY", "TSX": "CAD", "XETRA": "EUR"}
_JOINED_SYMBOLS: Final = frozenset({"BINANCE", "BYBIT", "BITMEX"})
"""Venues whose own symbols, and so Nautilus' ids, have no separator."""
_THREE_DECIMALS: Final = frozenset({"JPY", "HUF", "THB", "KRW"})


class InstrumentDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The user's own terms of an instrument, such as a ``[[instruments]]`` table of a TOML file.

    What is left out follows from the rest: ``tick_size`` and ``lot_size`` are one unit of the
    precision.
    """

    symbol: str
    venue: str
    asset_class: AssetClass
    quote_currency: str
    price_precision: Annotated[int, Meta(ge=0)]
    size_precision: Annotated[int, Meta(ge=0)] = 0
    tick_size: Decimal | None = None
    lot_size: Decimal | None = None
    base_currency: str | None = None
    settlement_currency: str | None = None
    multiplier: Decimal = Decimal(1)
    margin_init: Decimal = Decimal("0.03")
    margin_maint: Decimal = Decimal("0.03")
    maker_fee: Decimal = Decimal(0)
    taker_fee: Decimal = Decimal(0)
    activation: datetime | None = None
    expiry: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse steps and margins that no contract has."""
        for name in ("tick_size", "lot_size", "multiplier"):
            given: Decimal | None = getattr(self, name)
            if given is not None and not (given.is_finite() and given > 0):
                raise ValueError(f"`{name}` must be a number above zero, is {given}")
        for name in ("margin_init", "margin_maint"):
            margin: Decimal = getattr(self, name)
            if not (margin.is_finite() and margin >= 0):
                raise ValueError(f"`{name}` must not be negative, is {margin}")

    def instrument(self) -> Instrument:
        """The terms in full."""
        return Instrument(
            id=f"{self.symbol}.{self.venue}",
            asset_class=self.asset_class,
            quote_currency=self.quote_currency,
            price_precision=self.price_precision,
            size_precision=self.size_precision,
            tick_size=self.tick_size or _unit(self.price_precision),
            lot_size=self.lot_size or _unit(self.size_precision),
            base_currency=self.base_currency,
            settlement_currency=self.settlement_currency,
            multiplier=self.multiplier,
            margin_init=self.margin_init,
            margin_maint=self.margin_maint,
            maker_fee=self.maker_fee,
            taker_fee=self.taker_fee,
            activation=0 if self.activation is None else nanoseconds(self.activation),
            expiry=None if self.expiry is None else nanoseconds(self.expiry),
        )


class UnknownInstrument(FeedError):
    """Nobody told the terms of an instrument, and its symbol does not tell them."""

    def __init__(self, symbol: str, venue: str) -> None:
        super().__init__(
            f"unknown instrument {symbol!r} at venue {venue!r}: define it under [[instruments]]"
            f' with symbol = "{symbol}", venue = "{venue}", asset_class (one of'
            f" {', '.join(AssetClass)}), quote_currency, price_precision and size_precision;"
            " tick_size, lot_size, multiplier, margin_init, margin_maint, maker_fee, taker_fee and"
            " expiry may follow"
        )


def find(symbol: str, venue: str, definitions: Sequence[InstrumentDefinition] = ()) -> Instrument:
    """The terms of an instrument; the user's definitions come first.

    Raises:
        UnknownInstrument: no definition fits, and the symbol tells too little.
    """
    venue = venue.upper()
    definition = defined(symbol, venue, definitions)
    if definition is not None:
        return definition.instrument()
    found = _perpetual(symbol, venue) or contract(symbol.upper(), venue) or _pair(symbol, venue)
    if found is None and venue in _EQUITY_VENUES and symbol.replace(".", "").isalnum():
        found = _equity(symbol.upper(), venue)
    if found is None:
        raise UnknownInstrument(symbol, venue)
    return found


def defined(
    symbol: str, venue: str, definitions: Sequence[InstrumentDefinition]
) -> InstrumentDefinition | None:
    """The user's definition of an instrument, if there is one."""
    for definition in definitions:
        if definition.venue == venue and compact(definition.symbol) == compact(symbol):
            return definition
    return None


def widened(instrument: Instrument, decimals: int) -> Instrument:
    """The instrument with enough precision for prices of so many decimals."""
    if decimals <= instrument.price_precision:
        return instrument
    return msgspec.structs.replace(instrument, price_precision=decimals, tick_size=_unit(decimals))


def _pair(symbol: str, venue: str) -> Instrument | None:
    pair = pair_of(symbol)
    if pair is None:
        return None
    base, quote = pair
    if base in FIAT and quote in FIAT:
        precision = 3 if quote in _THREE_DECIMALS else 5
        return _two_sided(pair, venue, AssetClass.FX, price=precision, size=0)
    if base in METALS:
        return _two_sided(pair, venue, AssetClass.CFD, price=3, size=0)
    if base in INDICES:
        return _two_sided(pair, venue, AssetClass.CFD, price=1, size=0)
    return _two_sided(pair, venue, AssetClass.CRYPTO_SPOT, price=2, size=8)


def _perpetual(symbol: str, venue: str) -> Instrument | None:
    name = symbol.upper()
    pair = pair_of(name.removesuffix(PERPETUAL))
    if pair is None or not name.endswith(PERPETUAL):
        return None
    found = _two_sided(pair, venue, AssetClass.CRYPTO_PERPETUAL, price=2, size=3)
    return msgspec.structs.replace(
        found,
        id=f"{pair[0]}{pair[1]}{PERPETUAL}.{venue}",
        settlement_currency=pair[1],
        margin_init=Decimal("0.05"),
        margin_maint=Decimal("0.025"),
    )


def _two_sided(
    pair: tuple[str, str], venue: str, asset_class: AssetClass, *, price: int, size: int
) -> Instrument:
    separator = "" if venue in _JOINED_SYMBOLS else "/"
    return Instrument(
        id=f"{pair[0]}{separator}{pair[1]}.{venue}",
        asset_class=asset_class,
        base_currency=pair[0],
        quote_currency=pair[1],
        price_precision=price,
        size_precision=size,
        tick_size=_unit(price),
        lot_size=_unit(size),
    )


def _equity(symbol: str, venue: str) -> Instrument:
    return Instrument(
        id=f"{symbol}.{venue}",
        asset_class=AssetClass.EQUITY,
        quote_currency=_EQUITY_CURRENCIES.get(venue, "USD"),
        price_precision=2,
        size_precision=0,
        tick_size=Decimal("0.01"),
        lot_size=Decimal(1),
        margin_init=Decimal("0.5"),
        margin_maint=Decimal("0.25"),
    )


def _unit(precision: int) -> Decimal:
    return Decimal(1).scaleb(-precision)
