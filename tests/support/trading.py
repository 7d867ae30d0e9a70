"""Instruments and short ways to say what markets, strategies and venues say."""

from decimal import Decimal
from typing import Final, Literal

from schemas.market import AssetClass, Bar, Instrument, PriceType, Quote
from schemas.order import OrderFilled, OrderRequested, Side, Terms, Ticket
from schemas.quantities import Money, Nanoseconds
from schemas.signal import SignalRaised

MINUTE_NS: Final = 60 * 1_000_000_000


def pair(base: str, quote: str, *, digits: int = 5, lot: str = "1") -> Instrument:
    """A currency pair at the venue SIM."""
    is_coin = base == "BTC"
    return Instrument(
        id=f"{base}/{quote}.SIM",
        asset_class=AssetClass.CRYPTO_SPOT if is_coin else AssetClass.FX,
        base_currency=base,
        quote_currency=quote,
        price_precision=digits,
        size_precision=max(-int(Decimal(lot).as_tuple().exponent), 0),
        tick_size=Decimal(1).scaleb(-digits),
        lot_size=Decimal(lot),
    )


EURUSD: Final = pair("EUR", "USD")
USDJPY: Final = pair("USD", "JPY", digits=3)
EURGBP: Final = pair("EUR", "GBP")
BTCUSD: Final = pair("BTC", "USD", digits=2, lot="0.001")
SPY: Final = Instrument(
    id="SPY.SIM",
    asset_class=AssetClass.EQUITY,
    quote_currency="USD",
    price_precision=2,
    size_precision=0,
    tick_size=Decimal("0.01"),
    lot_size=Decimal(1),
)
ES: Final = Instrument(
    id="ESZ3.SIM",
    asset_class=AssetClass.FUTURE,
    quote_currency="USD",
    price_precision=2,
    size_precision=0,
    tick_size=Decimal("0.25"),
    lot_size=Decimal(1),
    multiplier=Decimal(50),
)


def bar(
    instrument: Instrument,
    close: str | Decimal,
    *,
    price_type: PriceType = PriceType.MID,
    interval: str = "1m",
    ts_open: Nanoseconds = 0,
    ts_close: Nanoseconds = 0,
) -> Bar:
    """A bar that never left its close."""
    price = Decimal(close)
    return Bar(
        instrument=instrument.id,
        interval=interval,
        price_type=price_type,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(1),
        ts_open=ts_open,
        ts_close=ts_close,
    )


def quote(instrument: Instrument, bid: str | Decimal, ask: str | Decimal) -> Quote:
    """A quote of one unit on each side."""
    one = Decimal(1)
    return Quote(
        instrument=instrument.id, bid=Decimal(bid), ask=Decimal(ask), bid_size=one, ask_size=one
    )


def signal(
    instrument: Instrument,
    direction: Literal["long", "short", "flat"],
    *,
    intent: Literal["target", "order", "cancel"] = "target",
    quantity: str | None = None,
    strength: float = 1.0,
    terms: Terms = Terms(),  # noqa: B008 -- frozen
) -> SignalRaised:
    """A strategy's wish."""
    return SignalRaised(
        instrument=instrument.id,
        direction=direction,
        intent=intent,
        quantity=None if quantity is None else Decimal(quantity),
        strength=strength,
        terms=terms,
    )


def ticket(
    instrument: Instrument,
    quantity: int | str | Decimal,
    *,
    name: str = "order",
    strategy: str = "ema",
    terms: Terms = Terms(),  # noqa: B008 -- frozen
    valid_until: Nanoseconds | None = None,
) -> Ticket:
    """An order of signed size."""
    signed = Decimal(quantity)
    return Ticket(
        client_order_id=name,
        strategy=strategy,
        instrument=instrument.id,
        side=Side.BUY if signed > 0 else Side.SELL,
        quantity=abs(signed),
        terms=terms,
        valid_until=valid_until,
    )


def requested(of: Ticket) -> OrderRequested:
    """The request of a ticket."""
    return OrderRequested(ticket=of)


def fill(
    of: Ticket,
    price: str | Decimal,
    *,
    trade_id: str = "T1",
    quantity: str | Decimal | None = None,
    leg: str = "",
    commission: Money = Money(Decimal(0), "USD"),  # noqa: B008 -- frozen
) -> OrderFilled:
    """A trade of a ticket, by default of all of it; with ``leg`` of that leg of its bracket."""
    return OrderFilled(
        client_order_id=f"{of.client_order_id}-{leg}" if leg else of.client_order_id,
        instrument=of.instrument,
        strategy=of.strategy,
        trade_id=trade_id,
        side=of.side.opposite if leg else of.side,
        quantity=of.quantity if quantity is None else Decimal(quantity),
        price=Decimal(price),
        commission=commission,
        liquidity="taker",
    )
