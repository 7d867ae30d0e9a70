"""The numbers in the rules. The books mostly say "small", "long" or "about the same"."""

from typing import Annotated

import msgspec
from msgspec import Meta

type _Share = Annotated[float, Meta(ge=0, le=1)]
type _Times = Annotated[float, Meta(gt=0, le=100)]
type _Bars = Annotated[int, Meta(ge=1, le=60)]


class RuleParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What "small", "long" and "about the same" are taken to mean.

    A *typical range* is the mean of high less low over the twenty bars before the last three; a
    formation's *height* is the distance between its highest and its lowest line.

    Attributes:
        trend_bars, trend_ranges: before a candlestick the close moved so many typical ranges, in
            so many bars.
        doji_body: body of a doji at most, as a share of its range.
        shadow_bodies: long shadow of a hammer at least, in bodies.
        stub: short shadow of a hammer at most, as a share of the range.
        tall_body, small_body: of a star's first and second candle, in typical ranges.
        star_recovery: how far the third candle closes back into the first one's body, as a share.
        pivot_bars: a pivot is the highest or the lowest of so many bars on either side.
        height_ranges: height of a formation at least, in typical ranges.
        level: two prices are about the same if no further apart than this share of the height.
        shoulder: as ``level``, for the shoulders and the neckline of a head and shoulders.
        prominence: how far a head stands out over its shoulders at least, as a share of the height.
        convergence: how much each sloping side of a triangle moves at least, as a share of height.
        swing: how far a triangle's second swing goes at least, as a share of the height: less is no
            triangle but a fall and a pause.
        pole_bars, pole_ranges: a flag's pole takes so many bars at most, and is so many typical
            ranges long at least.
        flag_bars_min, flag_bars_max: length of the flag itself.
        flag_retreat: how much of the pole it gives back at most, as a share.
        range_bars, range_ranges: a trading range lasts so many bars, and is so many typical ranges
            high at most.
        horizon_bars: how far ahead a candlestick speaks; a chart pattern speaks as far ahead as it
            is long.
    """

    trend_bars: _Bars = 10
    trend_ranges: _Times = 2.0
    doji_body: _Share = 0.05
    shadow_bodies: _Times = 2.0
    stub: _Share = 0.1
    tall_body: _Times = 0.7
    small_body: _Times = 0.4
    star_recovery: _Share = 0.5
    pivot_bars: _Bars = 3
    height_ranges: _Times = 3.0
    level: _Share = 0.15
    shoulder: _Share = 0.3
    prominence: _Share = 0.2
    convergence: _Share = 0.2
    swing: _Share = 0.5
    pole_bars: _Bars = 10
    pole_ranges: _Times = 6.0
    flag_bars_min: _Bars = 5
    flag_bars_max: _Bars = 15
    flag_retreat: _Share = 0.5
    range_bars: _Bars = 20
    range_ranges: _Times = 3.5
    horizon_bars: _Bars = 10
