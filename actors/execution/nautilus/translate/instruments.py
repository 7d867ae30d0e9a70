"""Instruments, by asset class."""

from collections.abc import Callable
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.translate.numbers import to_price, to_quantity
from schemas.market import AssetClass, Instrument

type NautilusInstrument = (
    model.CurrencyPair | model.Cfd | model.Equity | model.FuturesContract | model.CryptoPerpetual
)

_NEVER: Final = 2**63 - 1
"""Expiry of a future whose expiry nobody told: it is not closed by the venue."""


def to_instrument(instrument: Instrument) -> NautilusInstrument:
    """The Nautilus instrument that stands for ours.

    Raises:
        VenueSetupError: a term that its asset class needs is missing or impossible.
    """
    return _BUILDERS[instrument.asset_class](instrument)


def instrument_id(identifier: str) -> model.InstrumentId:
    """``SYMBOL.VENUE`` as Nautilus names it."""
    return model.InstrumentId.from_str(identifier)


def _currency_pair(terms: Instrument) -> model.CurrencyPair:
    return model.CurrencyPair(
        instrument_id(terms.id),
        model.Symbol(terms.symbol),
        _base_currency(terms),
        model.Currency.from_str(terms.quote_currency),
        terms.price_precision,
        terms.size_precision,
        to_price(terms.tick_size, terms.price_precision),
        to_quantity(terms.lot_size, terms.size_precision),
        terms.activation,
        terms.activation,
        multiplier=model.Quantity.from_decimal(terms.multiplier),
        margin_init=terms.margin_init,
        margin_maint=terms.margin_maint,
    )


def _cfd(terms: Instrument) -> model.Cfd:
    if terms.multiplier != 1:
        raise VenueSetupError(f"{terms.id}: a CFD has the multiplier 1, not {terms.multiplier}")
    base = terms.base_currency
    return model.Cfd(
        instrument_id(terms.id),
        model.Symbol(terms.symbol),
        model.AssetClass.ALTERNATIVE,
        model.Currency.from_str(terms.quote_currency),
        terms.price_precision,
        terms.size_precision,
        to_price(terms.tick_size, terms.price_precision),
        to_quantity(terms.lot_size, terms.size_precision),
        terms.activation,
        terms.activation,
        base_currency=None if base is None else model.Currency.from_str(base),
        margin_init=terms.margin_init,
        margin_maint=terms.margin_maint,
    )


def _equity(terms: Instrument) -> model.Equity:
    _require_whole_units(terms)
    return model.Equity(
        instrument_id(terms.id),
        model.Symbol(terms.symbol),
        model.Currency.from_str(terms.quote_currency),
        terms.price_precision,
        to_price(terms.tick_size, terms.price_precision),
        terms.activation,
        terms.activation,
        lot_size=to_quantity(terms.lot_size, 0),
        margin_init=terms.margin_init,
        margin_maint=terms.margin_maint,
    )


def _future(terms: Instrument) -> model.FuturesContract:
    _require_whole_units(terms)
    return model.FuturesContract(
        instrument_id(terms.id),
        model.Symbol(terms.symbol),
        model.AssetClass.ALTERNATIVE,
        terms.symbol,
        terms.activation,
        _NEVER if terms.expiry is None else terms.expiry,
        model.Currency.from_str(terms.quote_currency),
        terms.price_precision,
        to_price(terms.tick_size, terms.price_precision),
        model.Quantity.from_decimal(terms.multiplier),
        to_quantity(terms.lot_size, 0),
        terms.activation,
        terms.activation,
        margin_init=terms.margin_init,
        margin_maint=terms.margin_maint,
    )


def _crypto_perpetual(terms: Instrument) -> model.CryptoPerpetual:
    settlement = terms.settlement_currency or terms.quote_currency
    return model.CryptoPerpetual(
        instrument_id(terms.id),
        model.Symbol(terms.symbol),
        _base_currency(terms),
        model.Currency.from_str(terms.quote_currency),
        model.Currency.from_str(settlement),
        settlement == terms.base_currency,
        terms.price_precision,
        terms.size_precision,
        to_price(terms.tick_size, terms.price_precision),
        to_quantity(terms.lot_size, terms.size_precision),
        terms.activation,
        terms.activation,
        multiplier=model.Quantity.from_decimal(terms.multiplier),
        margin_init=terms.margin_init,
        margin_maint=terms.margin_maint,
    )


def _base_currency(terms: Instrument) -> model.Currency:
    if terms.base_currency is None:
        raise VenueSetupError(f"{terms.id}: {terms.asset_class} needs a base_currency")
    return model.Currency.from_str(terms.base_currency)


def _require_whole_units(terms: Instrument) -> None:
    if terms.size_precision != 0:
        raise VenueSetupError(
            f"{terms.id}: {terms.asset_class} is traded in whole units, "
            f"so size_precision is 0, not {terms.size_precision}"
        )


_BUILDERS: Final[dict[AssetClass, Callable[[Instrument], NautilusInstrument]]] = {
    AssetClass.FX: _currency_pair,
    AssetClass.CRYPTO_SPOT: _currency_pair,
    AssetClass.CFD: _cfd,
    AssetClass.EQUITY: _equity,
    AssetClass.FUTURE: _future,
    AssetClass.CRYPTO_PERPETUAL: _crypto_perpetual,
}
