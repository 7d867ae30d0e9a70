"""The order in which the rules are asked; the first that fails stops the order."""

from typing import Final

from actors.risk.rules.exposure import max_gross_notional, max_leverage, max_position
from actors.risk.rules.loss import max_daily_loss, max_drawdown
from actors.risk.rules.order_size import max_order_notional, max_order_quantity
from actors.risk.rules.pace import max_orders
from actors.risk.rules.permission import (
    instrument,
    paused,
    recovery,
    sound,
    state,
    unique,
    valid_until,
)
from actors.risk.rules.price import max_price_age, price_collar
from actors.risk.verdicts import Rule

RULES: Final[tuple[Rule, ...]] = (
    sound,
    unique,
    state,
    paused,
    recovery,
    instrument,
    valid_until,
    max_drawdown,
    max_daily_loss,
    max_orders,
    price_collar,
    max_price_age,
    max_order_quantity,
    max_order_notional,
    max_position,
    max_gross_notional,
    max_leverage,
)
"""From what is cheap and final to what has to add up the book."""
