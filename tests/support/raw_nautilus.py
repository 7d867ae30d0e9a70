"""The same strategy written directly on NautilusTrader, without anything of ours in between."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from nautilus_trader import backtest, common, data, execution, model, trading

from actors.execution.nautilus.translate.instruments import NautilusInstrument
from tests.support.ema_cross import EmaCross, Parameters, Wanted

type Tick = model.QuoteTick | model.TradeTick


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a raw run needs, in Nautilus' own objects."""

    instrument: NautilusInstrument
    bar_type: model.BarType
    ticks: list[Tick]
    latency: execution.StaticLatencyModel | None
    fees: execution.FeeModel
    fills: execution.DefaultFillModel
    parameters: Parameters


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A fill, by all that matters."""

    ts: int
    client_order_id: str
    trade_id: str
    is_buy: bool
    quantity: Decimal
    price: Decimal
    commission: Decimal


@dataclass(kw_only=True)
class Outcome:
    """What came of a run: every fill, every closed bar's time and close, and the last balance."""

    fills: list[Trade] = field(default_factory=list)
    bars: list[tuple[int, Decimal]] = field(default_factory=list)
    balance: str = ""


class RawEmaCross(trading.Strategy):
    """Bars in, orders out."""

    def __new__(cls, setup: Setup, outcome: Outcome) -> Self:
        config = trading.StrategyConfig(strategy_id=model.StrategyId("WAKELINE-001"))
        made: Self = trading.Strategy.__new__(cls, config)  # type: ignore[call-arg]  # stubs: object's
        return made

    def __init__(self, setup: Setup, outcome: Outcome) -> None:
        self.setup = setup
        self.outcome = outcome
        self.rule = EmaCross(setup.parameters)
        self.error: Exception | None = None

    def on_start(self) -> None:
        self.subscribe_bars(self.setup.bar_type)

    def on_bar(self, bar: model.Bar) -> None:
        try:
            close = bar.close.as_decimal()
            self.outcome.bars.append((bar.ts_event, close))
            for wanted in self.rule.closed(close):
                self._send(wanted)
        except Exception as error:  # noqa: BLE001 - Nautilus would log it and go on
            self.error = self.error or error

    def on_order_filled(self, event: model.OrderFilled) -> None:
        quantity = event.last_qty.as_decimal()
        self.rule.filled(quantity if event.is_buy else -quantity)
        assert event.commission is not None
        self.outcome.fills.append(
            Trade(
                ts=event.ts_event,
                client_order_id=str(event.client_order_id),
                trade_id=str(event.trade_id),
                is_buy=event.is_buy,
                quantity=quantity,
                price=event.last_px.as_decimal(),
                commission=event.commission.as_decimal(),
            )
        )

    def _send(self, wanted: Wanted) -> None:
        name = f"O-{wanted.number}"
        instrument = self.setup.instrument
        side = model.OrderSide.BUY if wanted.sign > 0 else model.OrderSide.SELL
        quantity = model.Quantity.from_decimal_dp(wanted.quantity, instrument.size_precision)
        if wanted.take_profit is not None:
            orders = self.order_factory.bracket(
                instrument.id,
                side,
                quantity,
                entry_client_order_id=model.ClientOrderId(name),
                tp_price=self._price(wanted.take_profit),
                tp_post_only=False,
                tp_client_order_id=model.ClientOrderId(f"{name}-TP"),
                sl_trigger_price=self._price(wanted.stop_loss),
                sl_client_order_id=model.ClientOrderId(f"{name}-SL"),
            )
            self.submit_order_list(orders)
        elif wanted.trail is not None:
            self.submit_order(
                self.order_factory.trailing_stop_market(
                    instrument.id,
                    side,
                    quantity,
                    wanted.trail,
                    trailing_offset_type=model.TrailingOffsetType.PRICE,
                    trigger_price=self._price(wanted.stop_loss),
                    client_order_id=model.ClientOrderId(name),
                )
            )
        else:
            client_order_id = model.ClientOrderId(name)
            self.submit_order(
                self.order_factory.market(
                    instrument.id, side, quantity, client_order_id=client_order_id
                )
            )

    def _price(self, value: Decimal | None) -> model.Price:
        assert value is not None
        return model.Price.from_decimal_dp(value, self.setup.instrument.price_precision)


def run_raw(setup: Setup, starting_balance: str, leverage: Decimal) -> Outcome:
    """The whole market in one go, as a user of Nautilus would run it."""
    engine = backtest.BacktestEngine(
        backtest.BacktestEngineConfig(
            logging=common.LoggerConfig(bypass_logging=True),
            data_engine=data.DataEngineConfig(time_bars_build_with_no_updates=False),
        )
    )
    balance = model.Money.from_str(starting_balance)
    engine.add_venue(
        setup.instrument.id.venue,
        model.OmsType.NETTING,
        model.AccountType.MARGIN,
        [balance],
        base_currency=balance.currency,
        default_leverage=leverage,
        fill_model=setup.fills,
        fee_model=setup.fees,
        latency_model=setup.latency,
    )
    engine.add_instrument(setup.instrument)
    outcome = Outcome()
    strategy = RawEmaCross(setup, outcome)
    engine.add_strategy(strategy)
    engine.add_data(setup.ticks)
    engine.run()
    account = engine.portfolio.account(venue=setup.instrument.id.venue)
    assert account is not None
    outcome.balance = str(account.balance_total(balance.currency).as_decimal())
    engine.dispose()
    if strategy.error is not None:
        raise strategy.error
    return outcome


def quote_ticks(
    instrument: model.InstrumentId, rows: list[tuple[int, str, str, str]]
) -> list[Tick]:
    """Quotes from (time, bid, ask, size) in text."""
    price, size = model.Price.from_str, model.Quantity.from_str
    return [
        model.QuoteTick(instrument, price(bid), price(ask), size(lots), size(lots), ts, ts)
        for ts, bid, ask, lots in rows
    ]


def trade_ticks(instrument: model.InstrumentId, rows: list[tuple[int, str, str]]) -> list[Tick]:
    """Trades from (time, price, size) in text."""
    price, size = model.Price.from_str, model.Quantity.from_str
    nobody = model.AggressorSide.NO_AGGRESSOR
    return [
        model.TradeTick(
            instrument, price(at), size(lots), nobody, model.TradeId(str(number)), ts, ts
        )
        for number, (ts, at, lots) in enumerate(rows)
    ]
