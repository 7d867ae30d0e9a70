"""The account's cash by currency, moved by fills the way the venue moves it."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio.conversion import in_minor_units, settlement_currency
from actors.portfolio.settlement import FLAT, Holding, scale_of, settle
from schemas.market import Instrument
from schemas.order import OrderFilled

STARTING_CASH: Final = Decimal(1_000_000)
"""Of the account's currency, when nothing else is configured."""


class AccountKind(StrEnum):
    """How a fill moves cash.

    On a margin account a fill moves realised profit and commission. On a cash account it moves the
    full notional, and where the instrument is a currency pair the base currency too.
    """

    MARGIN = "margin"
    CASH = "cash"


class AccountConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account of a cell.

    Cash is kept in the currency in which it was earned, as a multi-currency account of the venue
    does, and converted only to say what it is worth.

    Attributes:
        name: what ``portfolio.valued`` calls it.
        currency: what it is valued in.
        balances: cash at the start, by currency; empty for a million of ``currency``.
        kind: of the account at every venue; kinds: exceptions, by venue.
        valuation_every_ms: market time between two valuations at prices (bars, or the ticks that a
            strategy asked for); 0 values at every one. Fills are always followed by one.
    """

    name: str = "main"
    currency: str = "USD"
    balances: dict[str, Decimal] = {}
    kind: AccountKind = AccountKind.MARGIN
    kinds: dict[str, AccountKind] = {}
    valuation_every_ms: int = 60_000

    @property
    def starting_balances(self) -> Mapping[str, Decimal]:
        """Cash at the start, exact to each currency's minor unit."""
        balances = self.balances or {self.currency: STARTING_CASH}
        return {code: in_minor_units(amount, code) for code, amount in balances.items()}

    def kind_at(self, venue: str) -> AccountKind:
        """The kind of the account at a venue."""
        return self.kinds.get(venue, self.kind)


class Ledger(msgspec.Struct, frozen=True, gc=False):
    """Cash and what is held, netted as the venue nets.

    Attributes:
        cash: totals by currency, equal to those of the venue's account.
        holdings: by (instrument, the venue's position id).
    """

    cash: Mapping[str, Decimal] = {}
    holdings: Mapping[tuple[str, str], Holding] = {}


def with_fill(
    ledger: Ledger, fill: OrderFilled, instrument: Instrument, kind: AccountKind
) -> Ledger:
    """The ledger after a fill."""
    key = (fill.instrument, fill.position_id)
    signed = fill.quantity * fill.side.sign
    scale = scale_of(instrument)
    holding, realised = settle(ledger.holdings.get(key, FLAT), signed, fill.price, scale)
    cash = dict(ledger.cash)
    match kind:
        case AccountKind.MARGIN:
            _move(cash, settlement_currency(instrument), realised)
        case AccountKind.CASH:
            quote = instrument.quote_currency
            notional = fill.quantity * instrument.multiplier * fill.price
            _move(cash, quote, -fill.side.sign * in_minor_units(notional, quote))
            if instrument.base_currency is not None:
                base = instrument.base_currency
                _move(cash, base, in_minor_units(signed, base))
    _move(cash, fill.commission.currency, -fill.commission.amount)
    return replace(ledger, cash=cash, holdings=_with_holding(ledger.holdings, key, holding))


def _move(cash: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    cash[currency] = cash.get(currency, Decimal(0)) + amount


def _with_holding(
    holdings: Mapping[tuple[str, str], Holding], key: tuple[str, str], holding: Holding
) -> Mapping[tuple[str, str], Holding]:
    if holding.quantity:
        return {**holdings, key: holding}
    return {other: held for other, held in holdings.items() if other != key}
