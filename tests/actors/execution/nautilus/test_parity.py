"""The same strategy on raw Nautilus and through our venue: the same fills to the last digit."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from nautilus_trader import execution, model

from actors.execution.nautilus.config import FeeConfig, FillConfig, LatencyConfig, VenueConfig
from actors.execution.nautilus.translate.instruments import to_instrument
from actors.kit.inputs import Input
from events.batches import BatchKind, MarketRecord
from schemas.market import Bar, Instrument, PriceType
from schemas.order import OrderFilled, OrderType, Side, Terms, Ticket
from schemas.quantities import from_mantissa
from tests.support import recorded
from tests.support.ema_cross import EmaCross, Parameters, Style, Wanted
from tests.support.raw_nautilus import (
    Outcome,
    Setup,
    Tick,
    Trade,
    quote_ticks,
    run_raw,
    trade_ticks,
)
from tests.support.venue_driver import Driver, margin, minutes

LATENCY_NS = 150_000_000


@dataclass(frozen=True, kw_only=True)
class Market:
    """A real data set, how much of it is enough, and how far its stops are."""

    record: Callable[[], MarketRecord]
    instrument: Instrument
    price: PriceType
    quantity: str
    distance: str
    currency: str = "USD"
    rows: int = 40_000


MARKETS = {
    "EURUSD ticks of FXCM": Market(
        record=recorded.eurusd_ticks,
        instrument=recorded.EURUSD,
        price=PriceType.MID,
        quantity="10000",
        distance="0.00025",
    ),
    "XAUUSD ticks of Oanda": Market(
        record=recorded.xauusd_ticks,
        instrument=recorded.XAUUSD,
        price=PriceType.BID,
        quantity="10",
        distance="0.400",
    ),
    "SPY trades": Market(
        record=recorded.spy_trades,
        instrument=recorded.SPY,
        price=PriceType.LAST,
        quantity="100",
        distance="0.0600",
    ),
    "December gold trades": Market(
        record=recorded.gc_trades,
        instrument=recorded.GC,
        price=PriceType.LAST,
        quantity="2",
        distance="0.8",
    ),
    "FILUSDT klines of Binance": Market(
        record=recorded.filusdt_klines,
        instrument=recorded.FILUSDT,
        price=PriceType.LAST,
        quantity="100",
        distance="0.015",
        currency="USDT",
        rows=8_000,
    ),
}
STYLES: tuple[Style, ...] = ("market", "bracket", "trailing")


@pytest.mark.parametrize("delayed", [False, True], ids=["at once", "with latency, slips and fees"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", MARKETS)
def test_fills_bars_and_balance_are_those_of_raw_nautilus(
    name: str, style: Style, delayed: bool
) -> None:
    market = MARKETS[name]
    record = recorded.head(market.record(), market.rows)
    raw = run_raw(
        raw_setup(market, record, style, delayed), f"1000000 {market.currency}", Decimal(20)
    )
    ours = run_ours(market, record, style, delayed)
    assert len(raw.fills) >= 10
    assert ours.bars == raw.bars
    assert ours.fills == raw.fills
    assert Decimal(ours.balance) == Decimal(raw.balance) != 1_000_000


def raw_setup(market: Market, record: MarketRecord, style: Style, delayed: bool) -> Setup:
    instrument = to_instrument(market.instrument)
    maker, taker = market.instrument.maker_fee, market.instrument.taker_fee
    fees: execution.FeeModel = execution.MakerTakerFeeModel(maker, taker)
    if delayed:
        currency = model.Currency.from_str(market.currency)
        fees = execution.PerContractFeeModel(model.Money.from_decimal(Decimal("0.25"), currency))
    price = market.price.name
    return Setup(
        instrument=instrument,
        bar_type=model.BarType.from_str(f"{market.instrument.id}-1-MINUTE-{price}-INTERNAL"),
        ticks=raw_ticks(market, record),
        latency=execution.StaticLatencyModel(LATENCY_NS, 0, 0, 0) if delayed else None,
        fees=fees,
        fills=execution.DefaultFillModel(1.0, 0.5 if delayed else 0.0, 42),
        parameters=parameters(market, style),
    )


def raw_ticks(market: Market, record: MarketRecord) -> list[Tick]:
    """The record's rows as Nautilus ticks, by way of text."""
    instrument = model.InstrumentId.from_str(market.instrument.id)
    price, size = record.terms.price_precision, record.terms.size_precision
    times = recorded.times_of(record).tolist()
    columns = {
        name: record.batch.column(name).to_pylist() for name in record.batch.schema.names[2:]
    }

    def texts(name: str, precision: int) -> list[str]:
        return [str(from_mantissa(value, precision)) for value in columns[name]]

    if record.kind is BatchKind.QUOTES:
        sides = texts("bid", price), texts("ask", price), texts("bid_size", size)
        return quote_ticks(instrument, list(zip(times, *sides, strict=True)))
    if record.kind is BatchKind.TRADES:
        rows = zip(times, texts("price", price), texts("size", size), strict=True)
        return trade_ticks(instrument, list(rows))
    prices = [texts(name, price) for name in ("open", "high", "low", "close")]
    expanded: list[tuple[int, str, str]] = []
    for ts, volume, *path in zip(times, columns["volume"], *prices, strict=True):
        quarters = [volume // 4] * 3 + [volume - 3 * (volume // 4)]
        lots = [str(from_mantissa(quarter, size)) for quarter in quarters]
        expanded += [(ts, at, lot) for at, lot in zip(path, lots, strict=True)]
    return trade_ticks(instrument, expanded)


def run_ours(market: Market, record: MarketRecord, style: Style, delayed: bool) -> Outcome:
    rule = EmaCross(parameters(market, style))
    outcome = Outcome()

    def react(driver: Driver, given: Input) -> None:
        match given.payload:
            case Bar() as bar:
                outcome.bars.append((bar.ts_close, bar.close))
                for wanted in rule.closed(bar.close):
                    driver.send(our_ticket(market, wanted), given)
            case OrderFilled() as fill:
                rule.filled(fill.side.sign * fill.quantity)
                outcome.fills.append(our_trade(fill, given.ts))

    driver = Driver([market.instrument], [our_venue(market, delayed)], react)
    driver.run(recorded.windows([record], 2000), minutes(market.instrument, market.price))
    ((_, _, outcome.balance),) = driver.venue.balances()
    driver.venue.close()
    return outcome


def our_venue(market: Market, delayed: bool) -> VenueConfig:
    if not delayed:
        return margin(market.instrument, market.currency)
    return margin(
        market.instrument,
        market.currency,
        latency=LatencyConfig(base_ns=LATENCY_NS),
        fees=FeeConfig(model="per_contract", amount=Decimal("0.25"), currency=market.currency),
        fills=FillConfig(prob_slippage=0.5, seed=42),
    )


def our_ticket(market: Market, wanted: Wanted) -> Ticket:
    terms = Terms()
    if wanted.take_profit is not None:
        terms = Terms(stop_loss=wanted.stop_loss, take_profit=wanted.take_profit)
    elif wanted.trail is not None:
        terms = Terms(type=OrderType.TRAILING_STOP, trigger=wanted.stop_loss, trail=wanted.trail)
    return Ticket(
        client_order_id=f"O-{wanted.number}",
        strategy="strategies.ema_cross",
        instrument=market.instrument.id,
        side=Side.BUY if wanted.sign > 0 else Side.SELL,
        quantity=wanted.quantity,
        terms=terms,
    )


def our_trade(fill: OrderFilled, ts: int) -> Trade:
    return Trade(
        ts=ts,
        client_order_id=fill.client_order_id,
        trade_id=fill.trade_id,
        is_buy=fill.side is Side.BUY,
        quantity=fill.quantity,
        price=fill.price,
        commission=fill.commission.amount,
    )


def parameters(market: Market, style: Style) -> Parameters:
    return Parameters(
        style=style,
        quantity=Decimal(market.quantity),
        distance=Decimal(market.distance),
        tick=market.instrument.tick_size,
    )
