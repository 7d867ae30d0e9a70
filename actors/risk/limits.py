"""The limits that an account trades within."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

import msgspec

_AMOUNTS: Final = (
    "max_order_quantity",
    "max_order_notional",
    "max_position",
    "max_gross_notional",
    "max_leverage",
    "max_daily_loss",
    "max_orders",
    "max_price_age_ms",
)
_FRACTIONS: Final = ("price_collar", "max_drawdown")


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every limit is off when it is ``None``. A value may reach its limit, not pass it.

    The defaults stop accidents (a runaway loop, a misplaced decimal point, leverage beyond what
    brokers grant) and leave the size of the business to its owner.

    Attributes:
        instruments: those that may be opened; ``None`` for all.
        max_order_quantity: units of one order.
        max_order_notional: of one order, in the account's currency.
        max_position: units of the account's net position in an instrument, whichever of its working
            orders trade; max_positions: exceptions, by instrument.
        max_gross_notional: absolute positions and working orders at the last prices, added up over
            all instruments, in the account's currency.
        max_leverage: that sum over equity. 30 is the most that European retail brokers may grant.
        max_orders: approvals within ``order_window_ms`` of market time.
        price_collar: distance of a limit or stop price from the last mid, as a fraction of it.
        max_price_age_ms: age of the last price when a market order is checked.
        max_drawdown: fall of equity from its peak, as a fraction of it.
        on_drawdown: the state that a deeper one leads to; an operator leads out of it.
        flatten_on_halt: whether halting also closes every position.
        max_daily_loss: fall of equity since the UTC day began, in the account's currency. For the
            rest of the day only what reduces is approved.
    """

    instruments: tuple[str, ...] | None = None
    max_order_quantity: Decimal | None = None
    max_order_notional: Decimal | None = None
    max_position: Decimal | None = None
    max_positions: dict[str, Decimal] = {}
    max_gross_notional: Decimal | None = None
    max_leverage: Decimal | None = Decimal(30)
    max_orders: int | None = 100
    order_window_ms: int = 1000
    price_collar: Decimal | None = Decimal("0.2")
    max_price_age_ms: int | None = None
    max_drawdown: Decimal | None = Decimal("0.5")
    on_drawdown: Literal["reduce_only", "halted"] = "halted"
    flatten_on_halt: bool = False
    max_daily_loss: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse what no limit can be."""
        require_limits(self, amounts=_AMOUNTS, fractions=_FRACTIONS)
        for instrument, units in self.max_positions.items():
            _require(f"max_positions.{instrument}", units)
        if self.order_window_ms <= 0:
            raise ValueError(f"`order_window_ms` must be above zero, is {self.order_window_ms}")

    def position_limit(self, instrument: str) -> Decimal | None:
        """Units of the net position in an instrument."""
        return self.max_positions.get(instrument, self.max_position)


def require_limits(
    limits: msgspec.Struct, *, amounts: Iterable[str], fractions: Iterable[str]
) -> None:
    """Refuse fields that no limit can be.

    Raises:
        ValueError: one is negative or not finite, or a fraction is above 1; it is named.
    """
    for name in amounts:
        _require(name, getattr(limits, name))
    for name in fractions:
        _require(name, getattr(limits, name), most=Decimal(1))


def _require(name: str, amount: Decimal | int | None, most: Decimal | None = None) -> None:
    """Refuse what a limit cannot be; NaN and infinity are no limits, either."""
    if amount is None:
        return
    if not (Decimal(amount).is_finite() and amount >= 0):
        raise ValueError(f"`{name}` must not be negative, is {amount}")
    if most is not None and amount > most:
        raise ValueError(f"`{name}` is a fraction: 0.1 is 10 %; {amount} is above {most}")
