"""What leaves a strategy is exact, whatever it was computed from.

Prices are multiples of the instrument's tick and quantities of its lot. The floats of a reason keep
ten significant digits: the last bit of an average may differ between processors, and must not be in
the journal.
"""

import math
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from schemas.market import Instrument
from schemas.order import Terms
from schemas.quantities import Price, Quantity, rounded, to_multiple
from schemas.strategy import ParameterValue

type Number = Decimal | float

MARKET: Final = Terms()
"""At the market, without legs."""

_PRICES: Final = ("price", "trigger", "stop_loss", "take_profit")
_DISTANCES: Final = ("trail", "stop_loss_trail")


def decimal(value: Number) -> Decimal:
    """``value`` as the decimal that it is written as."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def price(instrument: Instrument, value: Number) -> Price:
    """The multiple of the instrument's tick that is nearest to ``value``.

    Raises:
        ValueError: it is no finite number, or has more digits than a decimal holds.
    """
    return _fitted(instrument, value, instrument.tick_size, instrument.price_precision)


def quantity(instrument: Instrument, value: Number) -> Quantity:
    """The multiple of the instrument's lot that is nearest to ``value``.

    Raises:
        ValueError: that is nothing, or no finite number, or has more digits than a decimal holds.
    """
    lots = _fitted(instrument, value, instrument.lot_size, instrument.size_precision)
    if lots <= 0:
        raise ValueError(f"{instrument.id}: a quantity of {value} is less than a lot")
    return lots


def _fitted(instrument: Instrument, value: Number, step: Decimal, precision: int) -> Decimal:
    try:
        return rounded(to_multiple(decimal(value), step), precision)
    except InvalidOperation:
        raise ValueError(f"{instrument.id}: {value} is no price or quantity") from None


def strength(value: float) -> float:
    """A conviction.

    Raises:
        ValueError: it is not between 0 and 1.
    """
    given = float(value)
    if not 0 <= given <= 1:
        raise ValueError(f"a strength of {value} is not between 0 and 1")
    return given


def terms(instrument: Instrument, wanted: Terms) -> Terms:
    """``wanted`` with every price and every distance on a tick.

    Raises:
        ValueError: a trailing stop's distance is less than a tick.
    """
    if wanted is MARKET:
        return wanted
    fitted = {
        name: price(instrument, value)
        for name in (*_PRICES, *_DISTANCES)
        if (value := getattr(wanted, name)) is not None
    }
    for name in _DISTANCES:
        if name in fitted and fitted[name] <= 0:
            raise ValueError(f"{instrument.id}: {name} {getattr(wanted, name)} is less than a tick")
    return msgspec.structs.replace(wanted, **fitted)


def reported(value: object) -> ParameterValue:
    """A value of a reason as it is written down; decimals keep all their digits, as text."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.10g}")
    return value if isinstance(value, int | str) else str(value)
