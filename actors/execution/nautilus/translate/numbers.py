"""Exact numbers: our decimals and Nautilus' fixed-point prices, quantities and money."""

from decimal import Decimal

from nautilus_trader import model

from schemas.quantities import Money


def to_price(value: Decimal, precision: int) -> model.Price:
    """A price with ``precision`` decimals; ``value`` must not have more."""
    return model.Price.from_decimal_dp(value, precision)


def to_quantity(value: Decimal, precision: int) -> model.Quantity:
    """A quantity with ``precision`` decimals; ``value`` must not have more."""
    return model.Quantity.from_decimal_dp(value, precision)


def to_money(amount: Decimal, currency: str) -> model.Money:
    """An amount of a currency, rounded to its minor unit."""
    return model.Money.from_decimal(amount, model.Currency.from_str(currency))


def from_money(money: model.Money) -> Money:
    """The exact amount."""
    return Money(money.as_decimal(), money.currency.code)
