"""What the world said: instruments, ticks, bars, gaps and refused rows."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from schemas.quantities import Nanoseconds, Price, Quantity
from schemas.registry import Payload, event


class AssetClass(StrEnum):
    """What kind of thing is traded; it decides which Nautilus instrument stands for it."""

    FX = "fx"
    CFD = "cfd"
    EQUITY = "equity"
    FUTURE = "future"
    CRYPTO_SPOT = "crypto_spot"
    CRYPTO_PERPETUAL = "crypto_perpetual"


class PriceType(StrEnum):
    """Which price of a tick a bar is built from."""

    BID = "bid"
    ASK = "ask"
    MID = "mid"
    LAST = "last"

    # Streams of bars are looked up by it at every bar, and an enum's own hash is a Python call.
    __hash__ = str.__hash__


@event("market.instrument", decision=False)
class Instrument(Payload, frozen=True, kw_only=True):
    """The terms of an instrument.

    Attributes:
        id: ``SYMBOL.VENUE``, such as ``EUR/USD.FXCM``.
        price_precision: decimal places of a price.
        tick_size: smallest price step; lot_size: smallest quantity step.
        multiplier: quote-currency value of one unit's move of 1.0 in price.
        margin_init, margin_maint: fraction of notional (before leverage).
        maker_fee, taker_fee: fraction of notional; negative is a rebate.
        expiry: for futures.
    """

    id: str
    asset_class: AssetClass
    quote_currency: str
    price_precision: int
    size_precision: int
    tick_size: Decimal
    lot_size: Decimal
    base_currency: str | None = None
    settlement_currency: str | None = None
    multiplier: Decimal = Decimal(1)
    margin_init: Decimal = Decimal("0.03")
    margin_maint: Decimal = Decimal("0.03")
    maker_fee: Decimal = Decimal(0)
    taker_fee: Decimal = Decimal(0)
    activation: Nanoseconds = 0
    expiry: Nanoseconds | None = None

    @property
    def symbol(self) -> str:
        """The part before the venue."""
        return self.id.rpartition(".")[0]

    @property
    def venue(self) -> str:
        """The part after the last dot."""
        return self.id.rpartition(".")[2]


@event("market.slice", decision=False)
class MarketSlice(Payload, frozen=True, kw_only=True):
    """Market records were consumed and nothing else happened: the input of a step that closes a
    stretch.
    """

    reason: Literal["end", "recorded"] = "recorded"


@event("market.quote", decision=False)
class Quote(Payload, frozen=True, kw_only=True):
    """One top-of-book tick, as a decider sees it. Its id is ``source:seq``."""

    instrument: str
    bid: Price
    ask: Price
    bid_size: Quantity
    ask_size: Quantity

    @property
    def mid(self) -> Price:
        """Half way between bid and ask, exactly."""
        return (self.bid + self.ask) / 2


@event("market.trade", decision=False)
class Trade(Payload, frozen=True, kw_only=True):
    """One trade tick, as a decider sees it. Its id is ``source:seq``."""

    instrument: str
    price: Price
    size: Quantity
    aggressor: Literal["buy", "sell", "none"] = "none"
    trade_id: str = ""


@event("market.bar", decision=False)
class Bar(Payload, frozen=True, kw_only=True):
    """A closed bar of one instrument and interval; a decider never sees an open one.

    Attributes:
        interval: step and unit, such as ``1s``, ``5m``, ``4h``, ``1d``.
        ts_open: start of the interval; ts_close: its end, at which the bar became known.
    """

    instrument: str
    interval: str
    price_type: PriceType
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Quantity
    ts_open: Nanoseconds
    ts_close: Nanoseconds


class BookLevel(msgspec.Struct, frozen=True):
    """One price level of an order book."""

    price: Price
    size: Quantity


@event("market.book", decision=False)
class Book(Payload, frozen=True, kw_only=True):
    """A snapshot of the best levels of an order book, best first."""

    instrument: str
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]


@event("market.gap", decision=False)
class Gap(Payload, frozen=True, kw_only=True):
    """The source said nothing for longer than allowed.

    Attributes:
        expected: whether the instrument's calendar explains it (weekend, night, holiday).
        missed: how many records the source's own sequence numbers prove lost; ``None`` when it has
        none.
    """

    instrument: str
    ts_from: Nanoseconds
    ts_to: Nanoseconds
    expected: bool
    missed: int | None = None


@event("market.refused", decision=False)
class Refused(Payload, frozen=True, kw_only=True):
    """A row that was not accepted, with the place it stands and why.

    Attributes:
        file: name of the file (the member too, where it is an archive).
        row: 1-based line of a text file, or record of a binary one; 0 for the file as a whole.
        field: the column at fault, or an empty string.
        reason: a short machine-readable reason, such as ``crossed`` or ``not_a_number``.
        raw: the row as it stood, cut at 200 characters.
    """

    file: str
    row: int
    field: str
    reason: str
    raw: str
    instrument: str = ""


@event("market.observation", decision=False)
class Observation(Payload, frozen=True, kw_only=True):
    """A named number from outside the order book: a rate, an index, a sentiment score."""

    name: str
    value: float
    unit: str = ""
