"""A real account at NautilusTrader's simulated venue, moved by market orders of given sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from nautilus_trader import model
from nautilus_trader.backtest import BacktestEngine, BacktestEngineConfig
from nautilus_trader.common import LoggerConfig
from nautilus_trader.execution import MakerTakerFeeModel
from nautilus_trader.trading import Strategy

from schemas.market import AssetClass, Instrument
from schemas.order import OrderFilled, Side
from schemas.quantities import SECOND_NS, Money

FEE: Final = Decimal("0.00037")
"""Not round, so that commissions have to be rounded."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the venue did and what it says the account holds.

    Attributes:
        fills: in order, as our events.
        totals: the venue's balances by currency.
        unrealised: profit of closing at the last bid or ask.
    """

    fills: tuple[OrderFilled, ...]
    totals: dict[str, Decimal]
    unrealised: Decimal
    bid: Decimal
    ask: Decimal


class _Trader(Strategy):
    def arm(self, instrument: model.InstrumentId, sizes: Sequence[Decimal], digits: int) -> None:
        self.instrument = instrument
        self.sizes = iter(sizes)
        self.digits = digits
        self.fills: list[model.OrderFilled] = []

    def on_start(self) -> None:
        self.subscribe_quotes(self.instrument)

    def on_quote(self, quote: model.QuoteTick) -> None:
        size = next(self.sizes, None)
        if size is None:
            return
        side = model.OrderSide.BUY if size > 0 else model.OrderSide.SELL
        quantity = model.Quantity.from_str(f"{abs(size):.{self.digits}f}")
        self.submit_order(self.order_factory.market(self.instrument, side, quantity))

    def on_order_filled(self, event: model.OrderFilled) -> None:
        self.fills.append(event)


def trade(
    terms: Instrument,
    kind: model.AccountType,
    balances: dict[str, Decimal],
    moves: Sequence[tuple[Decimal, Decimal]],
) -> Outcome:
    """Trade each (bid, signed size) in turn; the ask is one tick above the bid."""
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggerConfig(bypass_logging=True)))
    venue = model.Venue(terms.venue)
    engine.add_venue(
        venue,
        model.OmsType.NETTING,
        kind,
        [model.Money.from_str(f"{amount} {code}") for code, amount in balances.items()],
        default_leverage=Decimal(1000) if kind is model.AccountType.MARGIN else None,
        fee_model=MakerTakerFeeModel(maker_rate=FEE, taker_rate=FEE),
        allow_cash_borrowing=True,
    )
    instrument = _instrument(terms)
    engine.add_instrument(instrument)
    trader = _Trader()
    trader.arm(instrument.id, [size for _, size in moves], terms.size_precision)
    engine.add_strategy(trader)
    engine.add_data([_quote(terms, index, bid) for index, (bid, _) in enumerate(moves)])
    engine.run()
    try:
        return _outcome(engine, venue, terms, trader.fills, moves[-1][0])
    finally:
        engine.dispose()


def _outcome(
    engine: BacktestEngine,
    venue: model.Venue,
    terms: Instrument,
    fills: Sequence[model.OrderFilled],
    bid: Decimal,
) -> Outcome:
    account = engine.cache.account_for_venue(venue)
    assert account is not None
    ask = bid + terms.tick_size
    unrealised = Decimal(0)
    for position in engine.cache.positions_open():
        closing = bid if position.is_long else ask
        at = model.Price.from_str(f"{closing:.{terms.price_precision}f}")
        unrealised = position.unrealized_pnl(at).as_decimal()
    return Outcome(
        fills=tuple(_fill(fill) for fill in fills),
        totals={c.code: money.as_decimal() for c, money in account.balances_total().items()},
        unrealised=unrealised,
        bid=bid,
        ask=ask,
    )


def _fill(fill: model.OrderFilled) -> OrderFilled:
    assert fill.commission is not None
    assert fill.position_id is not None
    return OrderFilled(
        client_order_id=fill.client_order_id.value,
        instrument=fill.instrument_id.value,
        strategy="trader",
        trade_id=fill.trade_id.value,
        side=Side.BUY if fill.order_side == model.OrderSide.BUY else Side.SELL,
        quantity=fill.last_qty.as_decimal(),
        price=fill.last_px.as_decimal(),
        commission=Money(fill.commission.as_decimal(), fill.commission.currency.code),
        liquidity="taker",
        position_id=fill.position_id.value,
    )


def _instrument(
    terms: Instrument,
) -> model.CurrencyPair | model.FuturesContract | model.Equity:
    tick = model.Price.from_str(f"{terms.tick_size:.{terms.price_precision}f}")
    lot = model.Quantity.from_str(f"{terms.lot_size:.{terms.size_precision}f}")
    identity, symbol = model.InstrumentId.from_str(terms.id), model.Symbol(terms.symbol)
    quote, digits = model.Currency.from_str(terms.quote_currency), terms.price_precision
    match terms.asset_class:
        case AssetClass.EQUITY:
            return model.Equity(identity, symbol, quote, digits, tick, 0, 0, lot_size=lot)
        case AssetClass.FUTURE:
            return model.FuturesContract(
                identity,
                symbol,
                model.AssetClass.INDEX,
                underlying=terms.symbol,
                activation_ns=0,
                expiration_ns=4_000_000_000 * SECOND_NS,
                currency=quote,
                price_precision=digits,
                price_increment=tick,
                multiplier=model.Quantity.from_str(str(terms.multiplier)),
                lot_size=lot,
                ts_event=0,
                ts_init=0,
            )
        case _:
            base = model.Currency.from_str(terms.base_currency or "")
            return model.CurrencyPair(
                identity, symbol, base, quote, digits, terms.size_precision, tick, lot, 0, 0
            )


def _quote(terms: Instrument, index: int, bid: Decimal) -> model.QuoteTick:
    ts = (index + 1) * SECOND_NS
    deep = model.Quantity.from_str(f"{10_000_000:.{terms.size_precision}f}")
    return model.QuoteTick(
        model.InstrumentId.from_str(terms.id),
        model.Price.from_str(f"{bid:.{terms.price_precision}f}"),
        model.Price.from_str(f"{bid + terms.tick_size:.{terms.price_precision}f}"),
        deep,
        deep,
        ts,
        ts,
    )
