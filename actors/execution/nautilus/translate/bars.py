"""Bar streams as Nautilus bar types."""

import re
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.venue import BarStream
from schemas.market import PriceType
from schemas.quantities import Nanoseconds

_INTERVAL: Final = re.compile(r"([1-9]\d*)([smhd])")
_UNITS: Final = {
    "s": model.BarAggregation.SECOND,
    "m": model.BarAggregation.MINUTE,
    "h": model.BarAggregation.HOUR,
    "d": model.BarAggregation.DAY,
}
_PRICES: Final = {
    PriceType.BID: model.PriceType.BID,
    PriceType.ASK: model.PriceType.ASK,
    PriceType.MID: model.PriceType.MID,
    PriceType.LAST: model.PriceType.LAST,
}


def to_bar_type(stream: BarStream) -> model.BarType:
    """The bar type that Nautilus aggregates from ticks.

    Raises:
        VenueSetupError: the interval is malformed, or does not divide the next larger unit.
    """
    matched = _INTERVAL.fullmatch(stream.interval)
    if matched is None:
        raise VenueSetupError(f"{stream.interval!r} is no interval; one is 30s, 5m, 4h or 1d")
    try:
        specification = model.BarSpecification(
            int(matched[1]), _UNITS[matched[2]], _PRICES[stream.price_type]
        )
    except ValueError as error:
        raise VenueSetupError(f"bars of {stream.interval} cannot be built: {error}") from error
    return model.BarType(
        instrument_id(stream.instrument), specification, model.AggregationSource.INTERNAL
    )


def interval_ns(bar_type: model.BarType) -> Nanoseconds:
    """The length of a bar."""
    return bar_type.spec.get_interval_ns()
