"""What an account is worth: cash and holdings at the last prices, in one currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from actors.portfolio.accounts import AccountConfig, AccountKind, Ledger
from actors.portfolio.conversion import Instruments, in_minor_units, rate, settlement_currency
from actors.portfolio.prices import Marks
from actors.portfolio.settlement import scale_of, unrealised

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


class NoConversion(LookupError):
    """No chain of prices leads from one currency to the other."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"no conversion from {source} to {target}")
        self.source = source
        self.target = target


def worth(config: AccountConfig, ledger: Ledger, instruments: Instruments, marks: Marks) -> Worth:
    """The account at the last prices.

    A holding is marked at the price that would close it. Where it is cash already (the base
    currency of a pair on a cash account) it is marked at the mid, at which cash converts.

    Raises:
        NoConversion: a currency with an amount in it cannot be expressed in the account's.
    """
    profits: dict[str, Decimal] = {}
    notionals: dict[str, Decimal] = {}
    balances = dict(ledger.cash)
    for (name, _), holding in ledger.holdings.items():
        instrument, mark = instruments[name], marks[name]
        settled, quote = settlement_currency(instrument), instrument.quote_currency
        on_cash = config.kind_at(instrument.venue) is AccountKind.CASH
        is_cash = on_cash and instrument.base_currency is not None
        price = mark.mid if is_cash else mark.closing(holding.quantity)
        profit = unrealised(holding, price, scale_of(instrument))
        value = holding.quantity * instrument.multiplier * price
        _add(profits, settled, profit)
        _add(notionals, quote, abs(value))
        if on_cash:
            _add(balances, settled, -profit)
        if on_cash and not is_cash:
            _add(balances, quote, in_minor_units(value, quote))
    currency = config.currency
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
