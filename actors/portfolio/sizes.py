"""How many units a signal is worth: the methods of sizing."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final

import msgspec

from actors.portfolio.conversion import Instruments, rate
from actors.portfolio.prices import Marks
from schemas.market import Instrument
from schemas.order import Check
from schemas.quantities import Price, Quantity
from schemas.signal import SignalRaised


class SizingMethod(StrEnum):
    """What ``value`` of a ``SizingConfig`` means.

    ``fixed``: units. ``notional``: an amount of the account's currency. ``equity_fraction``: a
    fraction of equity as notional. ``risk_fraction``: the fraction of equity that is lost when the
    signal's stop-loss is hit at its price. ``volatility``: the fraction of equity that an average
    bar's move is worth.
    """

    FIXED = "fixed"
    NOTIONAL = "notional"
    EQUITY_FRACTION = "equity_fraction"
    RISK_FRACTION = "risk_fraction"
    VOLATILITY = "volatility"


_LOST_FRACTIONS: Final = (SizingMethod.RISK_FRACTION, SizingMethod.VOLATILITY)
"""Methods whose value is lost when it comes to the worst; notional may be above equity."""


class SizingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How signals become orders.

    A signal that names its own quantity is not sized, only rounded down to the lot.

    Attributes:
        value: what it means is the method's to say.
        scale_by_strength: whether the size is multiplied by the signal's strength.
        lookback: bars over which ``volatility`` averages the absolute move from close to close.
        interval: whose bars ``volatility`` reads; empty for those that come first.
        valid_for_ms: market time after which an order must not be sent any more; ``None`` for ever.
    """

    method: SizingMethod = SizingMethod.FIXED
    value: Decimal = Decimal(1000)
    scale_by_strength: bool = False
    lookback: int = 20
    interval: str = ""
    valid_for_ms: int | None = 60_000

    def __post_init__(self) -> None:
        """Refuse what would size no order, or all of them beyond reason."""
        if not (self.value.is_finite() and self.value > 0):
            raise ValueError(f"`value` must be a number above zero, is {self.value}")
        if self.method in _LOST_FRACTIONS and self.value > 1:
            raise ValueError(
                f"`value` is the fraction of equity that may be lost ({self.method}): 0.01 is 1 %;"
                f" {self.value} is above 1"
            )
        if self.lookback < 1:
            raise ValueError(f"`lookback` must be one bar or more, is {self.lookback}")
        if self.valid_for_ms is not None and self.valid_for_ms <= 0:
            raise ValueError(f"`valid_for_ms` must be above zero, is {self.valid_for_ms}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What sizing knows when a signal comes.

    Attributes:
        equity: at the last valuation, in ``currency``; ``None`` before the first.
        move: average absolute move of a bar of the signal's instrument; ``None`` before there are
            enough of them.
    """

    instruments: Instruments
    marks: Marks
    move: Decimal | None
    equity: Decimal | None
    currency: str | None


class Withheld(Exception):
    """A rule keeps a signal from becoming an order; ``check`` says what it would have needed."""

    def __init__(self, rule: str, limit: str, value: str) -> None:
        super().__init__(f"{rule}: needs {limit}, has {value}")
        self.check: Final = Check(rule, limit, value)


def size(config: SizingConfig, facts: Facts, signal: SignalRaised) -> Quantity:
    """Units, positive, rounded down to the instrument's lot.

    Raises:
        Withheld: a fact that the method needs is missing, or less than a lot comes out.
    """
    instrument = facts.instruments[signal.instrument]
    units = signal.quantity
    if units is None:
        units = _units(config, facts, signal, instrument)
        if config.scale_by_strength:
            units *= Decimal(repr(signal.strength))
    lots = (units / instrument.lot_size).to_integral_value(ROUND_FLOOR)
    if lots < 1:
        raise Withheld("lot_size", f"{instrument.lot_size:f}", f"{units.normalize():f}")
    return lots * instrument.lot_size


def _units(
    config: SizingConfig, facts: Facts, signal: SignalRaised, instrument: Instrument
) -> Decimal:
    value = config.value
    match config.method:
        case SizingMethod.FIXED:
            return value
        case SizingMethod.NOTIONAL:
            return value / _unit_worth(facts, instrument, _price(facts, signal))
        case SizingMethod.EQUITY_FRACTION:
            return value * _equity(facts) / _unit_worth(facts, instrument, _price(facts, signal))
        case SizingMethod.RISK_FRACTION:
            distance = _stop_distance(facts, signal)
            return value * _equity(facts) / _unit_worth(facts, instrument, distance)
        case SizingMethod.VOLATILITY:
            if not facts.move:
                raise Withheld("volatility", f"{config.lookback} bars that move", "fewer")
            return value * _equity(facts) / _unit_worth(facts, instrument, facts.move)


def _unit_worth(facts: Facts, instrument: Instrument, points: Decimal) -> Decimal:
    """What ``points`` of one unit are worth in the account's currency."""
    source = instrument.quote_currency
    if facts.currency is None:
        raise Withheld("valuation", "the account's currency", "unknown")
    price = rate(source, facts.currency, facts.instruments, facts.marks)
    if price is None:
        raise Withheld("conversion", f"{source}/{facts.currency}", "unknown")
    return points * instrument.multiplier * price


def _equity(facts: Facts) -> Decimal:
    if facts.equity is None or facts.equity <= 0:
        shown = "unknown" if facts.equity is None else f"{facts.equity:f}"
        raise Withheld("equity", "more than 0", shown)
    return facts.equity


def _price(facts: Facts, signal: SignalRaised) -> Price:
    """Where the order would trade: at its own price, or at the market's."""
    named = signal.terms.price or signal.terms.trigger
    if named is not None:
        return named
    mark = facts.marks.get(signal.instrument)
    if mark is None or mark.mid <= 0:
        raise Withheld("price", "known", "unknown")
    return mark.mid


def _stop_distance(facts: Facts, signal: SignalRaised) -> Decimal:
    stop, trail = signal.terms.stop_loss, signal.terms.stop_loss_trail
    if stop is not None:
        distance = abs(_price(facts, signal) - stop)
    elif trail is not None:
        distance = trail
    else:
        raise Withheld("stop_loss", "a stop-loss", "none")
    if distance == 0:
        raise Withheld("stop_loss", "away from the entry", f"{stop}")
    return distance
