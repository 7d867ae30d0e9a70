"""How a simulated venue behaves: account, latency, fees, fills. Each struct nests into TOML."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

type Natural = Annotated[int, Meta(ge=0)]
type Probability = Annotated[float, Meta(ge=0.0, le=1.0)]


class LatencyConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nanoseconds of market time between a command and the venue.

    ``base_ns`` is added to each of the others. A command takes effect at the first market record,
    or end of an interval of which somebody wants bars, at or after its arrival.
    """

    base_ns: Natural = 0
    insert_ns: Natural = 0
    update_ns: Natural = 0
    cancel_ns: Natural = 0


class FeeConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a fill costs.

    Attributes:
        model: ``maker_taker`` charges fractions of the notional, by default those of the
            instrument; ``per_contract`` charges ``amount`` for every unit; ``per_order`` charges
            ``amount`` once an order, at its first fill.
        maker, taker: fractions in place of the instruments' own; negative is a rebate.
        overrides: (maker, taker) of single instruments, by id.
        amount, currency: of the two fixed models.
    """

    model: Literal["maker_taker", "per_contract", "per_order"] = "maker_taker"
    maker: Decimal | None = None
    taker: Decimal | None = None
    overrides: dict[str, tuple[Decimal, Decimal]] = {}
    amount: Decimal = Decimal(0)
    currency: str = "USD"


class FillConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an order meets beyond the best price.

    Attributes:
        model: Nautilus' fill model. ``default`` fills at the best price; ``one_tick_slippage``,
            ``two_tier``, ``three_tier`` and ``size_aware`` put a synthetic book behind it.
        prob_fill_on_limit: chance that a limit order fills when a trade only touches its price.
        prob_slippage: chance that an order that takes liquidity slips by one tick.
        seed: of the model's own random numbers; the same seed gives the same fills.
    """

    model: Literal["default", "one_tick_slippage", "two_tier", "three_tier", "size_aware"] = (
        "default"
    )
    prob_fill_on_limit: Probability = 1.0
    prob_slippage: Probability = 0.0
    seed: Natural = 1


class LiquidationConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the venue closes the positions of a margin account by itself.

    Attributes:
        trigger_ratio: equity over maintenance margin at which it does.
        cancel_open_orders: whether it withdraws the working orders as well.
    """

    trigger_ratio: Annotated[float, Meta(gt=0.0)] = 1.0
    cancel_open_orders: bool = True


class VenueConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One venue with one account.

    Market records hold the top of the book and trades, so every venue matches on one level.

    Attributes:
        name: the part of an instrument's id behind its last dot.
        base_currency: everything is converted into it; ``None`` keeps a balance per currency.
        starting_balances: amounts by currency.
        leverage: of every instrument; ``leverages`` names exceptions by instrument id.
        reject_stop_orders: whether a stop whose trigger is already passed is refused rather than
            filled.
        trade_execution: whether trades, too, fill resting orders and move a market without quotes.
        liquidity_consumption: whether the size at a level is used up by our own fills until the
            next record.
        queue_position: whether a limit order waits behind the size that was there before it.
        price_protection_points: ticks beyond the best price at which a market order stops.
        size_when_unknown: what a quote whose size is 0, thus unknown, is taken to offer.
    """

    name: str
    account_type: Literal["cash", "margin"] = "margin"
    oms: Literal["netting", "hedging"] = "netting"
    base_currency: str | None = None
    starting_balances: dict[str, Decimal]
    leverage: Decimal = Decimal(1)
    leverages: dict[str, Decimal] = {}
    margin_model: Literal["leveraged", "standard"] = "leveraged"
    latency: LatencyConfig = LatencyConfig()
    fees: FeeConfig = FeeConfig()
    fills: FillConfig = FillConfig()
    liquidation: LiquidationConfig | None = None
    reject_stop_orders: bool = True
    allow_cash_borrowing: bool = False
    frozen_account: bool = False
    trade_execution: bool = True
    liquidity_consumption: bool = False
    queue_position: bool = False
    market_order_acks: bool = False
    price_protection_points: Natural | None = None
    size_when_unknown: Decimal = Decimal(1_000_000)

    def __post_init__(self) -> None:
        """Refuse money, leverage and size that no venue would take."""
        for currency, amount in self.starting_balances.items():
            if not (amount.is_finite() and amount >= 0):
                raise ValueError(
                    f"`starting_balances.{currency}` must not be negative, is {amount}"
                )
        leverages = {f"leverages.{name}": value for name, value in self.leverages.items()}
        above_zero = {"leverage": self.leverage, "size_when_unknown": self.size_when_unknown}
        for name, value in {**above_zero, **leverages}.items():
            if not (value.is_finite() and value > 0):
                raise ValueError(f"`{name}` must be a number above zero, is {value}")
