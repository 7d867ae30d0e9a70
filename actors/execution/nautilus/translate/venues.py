"""A venue's configuration as Nautilus' models of accounts, latency, fees and fills."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from nautilus_trader import backtest, execution, model

from actors.execution.nautilus.config import FeeConfig, FillConfig, LatencyConfig, VenueConfig
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.nautilus.translate.numbers import to_money
from schemas.market import Instrument

type FillModel = (
    execution.DefaultFillModel
    | execution.OneTickSlippageFillModel
    | execution.TwoTierFillModel
    | execution.ThreeTierFillModel
    | execution.SizeAwareFillModel
)

_ACCOUNT_TYPES: Final = {"cash": model.AccountType.CASH, "margin": model.AccountType.MARGIN}
_OMS_TYPES: Final = {"netting": model.OmsType.NETTING, "hedging": model.OmsType.HEDGING}
_FILL_MODELS: Final[dict[str, type[FillModel]]] = {
    "default": execution.DefaultFillModel,
    "one_tick_slippage": execution.OneTickSlippageFillModel,
    "two_tier": execution.TwoTierFillModel,
    "three_tier": execution.ThreeTierFillModel,
    "size_aware": execution.SizeAwareFillModel,
}


def add_venue(
    engine: backtest.BacktestEngine, config: VenueConfig, instruments: Sequence[Instrument]
) -> None:
    """Set a venue up in the engine; ``instruments`` are those traded there."""
    liquidation = config.liquidation
    base = config.base_currency
    engine.add_venue(
        model.Venue(config.name),
        _OMS_TYPES[config.oms],
        _ACCOUNT_TYPES[config.account_type],
        [to_money(amount, currency) for currency, amount in config.starting_balances.items()],
        base_currency=None if base is None else model.Currency.from_str(base),
        default_leverage=config.leverage,
        leverages={instrument_id(name): value for name, value in config.leverages.items()},
        margin_model=_margin_model(config),
        fill_model=fill_model(config.fills),
        fee_model=fee_model(config.fees, instruments),
        latency_model=latency_model(config.latency),
        reject_stop_orders=config.reject_stop_orders,
        use_market_order_acks=config.market_order_acks,
        bar_execution=False,
        trade_execution=config.trade_execution,
        liquidity_consumption=config.liquidity_consumption,
        queue_position=config.queue_position,
        allow_cash_borrowing=config.allow_cash_borrowing,
        frozen_account=config.frozen_account,
        price_protection_points=config.price_protection_points,
        liquidation_enabled=liquidation is not None,
        liquidation_trigger_ratio=None if liquidation is None else liquidation.trigger_ratio,
        liquidation_cancel_open_orders=liquidation is None or liquidation.cancel_open_orders,
    )


def latency_model(config: LatencyConfig) -> execution.StaticLatencyModel | None:
    """The latency model; ``None`` where every command arrives at once."""
    if config == LatencyConfig():
        return None
    return execution.StaticLatencyModel(
        base_latency_nanos=config.base_ns,
        insert_latency_nanos=config.insert_ns,
        update_latency_nanos=config.update_ns,
        cancel_latency_nanos=config.cancel_ns,
    )


def fee_model(config: FeeConfig, instruments: Sequence[Instrument]) -> execution.FeeModel:
    """The fee model. The instruments' own fees are rates by instrument, unless replaced."""
    match config.model:
        case "per_contract":
            return execution.PerContractFeeModel(to_money(config.amount, config.currency))
        case "per_order":
            return execution.FixedFeeModel(to_money(config.amount, config.currency))
        case "maker_taker":
            return execution.MakerTakerFeeModel(
                maker_rate=config.maker or Decimal(0),
                taker_rate=config.taker or Decimal(0),
                overrides={instrument_id(terms.id): _rates(config, terms) for terms in instruments},
            )


def _rates(config: FeeConfig, terms: Instrument) -> tuple[Decimal, Decimal]:
    maker = terms.maker_fee if config.maker is None else config.maker
    taker = terms.taker_fee if config.taker is None else config.taker
    return config.overrides.get(terms.id, (maker, taker))


def fill_model(config: FillConfig) -> FillModel:
    """The fill model with its own seeded random numbers."""
    return _FILL_MODELS[config.model](config.prob_fill_on_limit, config.prob_slippage, config.seed)


def _margin_model(
    config: VenueConfig,
) -> model.LeveragedMarginModel | model.StandardMarginModel | None:
    if config.account_type == "cash":
        return None
    if config.margin_model == "standard":
        return model.StandardMarginModel()
    return model.LeveragedMarginModel()
