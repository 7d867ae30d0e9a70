"""What an account is worth: cash and holdings at the last prices, in one currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from actors.portfolio.accounts import AccountConfig, AccountKind, Ledger
from actors.portfolio.conversion import Instruments, in_minor_units, rate, settlement_currency
from actors.portfolio.prices import Marks
from actors.portfolio.settlement import Scale, scale_of, unrealised
from schemas.market import Instrument

_NOTHING: Final = Decimal(0)


class Worth(msgspec.Struct, frozen=True, gc=False):
    """Amounts in the account's currency, exact to its minor unit.

    Attributes:
        balance: cash, with what cash accounts have bought counted at its cost.
        unrealised: profit of closing every holding.
        exposure: sum of the absolute notionals.
    """

    balance: Decimal
    unrealised: Decimal
    exposure: Decimal

    @property
    def equity(self) -> Decimal:
        """Balance plus unrealised."""
        return self.balance + self.unrealised


class Terms(msgspec.Struct, frozen=True, gc=False):
    """How a holding of an instrument counts, worked out once: it is asked at every price.

    Attributes:
        settled: currency of its profit; quote: currency of its notional.
        on_cash: it was bought with cash; is_cash: what was bought is cash itself, the base currency
            of a pair.
    """

    scale: Scale
    settled: str
    quote: str
    multiplier: Decimal
    on_cash: bool
    is_cash: bool


def terms_of(config: AccountConfig, instrument: Instrument) -> Terms:
    """How a holding of the instrument counts in the account."""
    on_cash = config.kind_at(instrument.venue) is AccountKind.CASH
    return Terms(
        scale=scale_of(instrument),
        settled=settlement_currency(instrument),
        quote=instrument.quote_currency,
        multiplier=instrument.multiplier,
        on_cash=on_cash,
        is_cash=on_cash and instrument.base_currency is not None,
    )


class NoConversion(LookupError):
    """No chain of prices leads from one currency to the other."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"no conversion from {source} to {target}")
        self.source = source
        self.target = target


def worth(
    currency: str,
    ledger: Ledger,
    terms: Mapping[str, Terms],
    instruments: Instruments,
    marks: Marks,
) -> Worth:
    """The account at the last prices, in ``currency``.

    A holding is marked at the price that would close it. Where it is cash already (the base
    currency of a pair on a cash account) it is marked at the mid, at which cash converts.

    Raises:
        NoConversion: a currency with an amount in it cannot be expressed in the account's.
    """
    profits: dict[str, Decimal] = {}
    notionals: dict[str, Decimal] = {}
    balances = dict(ledger.cash)
    for (name, _), holding in ledger.holdings.items():
        counts, mark = terms[name], marks[name]
        price = mark.mid if counts.is_cash else mark.closing(holding.quantity)
        profit = unrealised(holding, price, counts.scale)
        value = holding.quantity * counts.multiplier * price
        _add(profits, counts.settled, profit)
        _add(notionals, counts.quote, abs(value))
        if counts.on_cash:
            _add(balances, counts.settled, -profit)
            if not counts.is_cash:
                _add(balances, counts.quote, in_minor_units(value, counts.quote))
    return Worth(
        balance=_total(balances, currency, instruments, marks),
        unrealised=_total(profits, currency, instruments, marks),
        exposure=_total(notionals, currency, instruments, marks),
    )


def _add(amounts: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    amounts[currency] = amounts.get(currency, _NOTHING) + amount


def _total(
    amounts: Mapping[str, Decimal], target: str, instruments: Instruments, marks: Marks
) -> Decimal:
    total = _NOTHING
    for currency, amount in amounts.items():
        if currency == target:
            total += amount
            continue
        if amount == 0:
            continue
        price = rate(currency, target, instruments, marks)
        if price is None:
            raise NoConversion(currency, target)
        total += amount * price
    return in_minor_units(total, target)
