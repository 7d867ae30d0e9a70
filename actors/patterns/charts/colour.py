"""A coloured candle chart that a vision-language model, or a person, can read.

The picture has 448 x 448 pixels. The interval that is asked about takes the upper part, slower
ones stand side by side below. Bodies are green where the close is above the open, red below and
grey where they are equal; volumes stand at the foot of each part where somebody counts them; a few
round prices are written on the right. Nothing says which instrument it is: the shape is what is
asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles, UnfitBars
from actors.patterns.charts.canvas import Canvas, Colour
from actors.patterns.charts.glyphs import HEIGHT
from actors.patterns.charts.scale import Scale

SIZE: Final = 448
PARTS_MAX: Final = 3

_RISING: Final[Colour] = (20, 140, 70)
_FALLING: Final[Colour] = (205, 45, 45)
_STILL: Final[Colour] = (90, 90, 90)
_VOLUME: Final[Colour] = (170, 185, 205)
_GRID: Final[Colour] = (228, 228, 228)
_FRAME: Final[Colour] = (120, 120, 120)
_TEXT: Final[Colour] = (0, 0, 0)
_MARK: Final[Colour] = (110, 60, 190)

_AXIS: Final = 50
_MARGIN: Final = 6
_ROWS_A_LABEL: Final = 35
_MARK_ROWS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One interval's candles, under its name, such as ``5m``; 190 at most, 50 in a lower part.

    Attributes:
        begins: place of the candle from which on a bar below the candles marks a formation.
    """

    interval: str
    candles: Candles
    begins: int | None = None


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    width: int
    height: int


def candle_chart(parts: Sequence[Part]) -> NDArray[np.uint8]:
    """One to three intervals, the one that is asked about first.

    Returns:
        uint8[448, 448, 3], red, green and blue.

    Raises:
        UnfitBars: there are no parts or too many, or one has no bar or too many.
    """
    if not 1 <= len(parts) <= PARTS_MAX:
        raise UnfitBars(f"a candle chart shows 1 to {PARTS_MAX} intervals, not {len(parts)}")
    canvas = Canvas(SIZE, SIZE)
    for part, box in zip(parts, _boxes(len(parts)), strict=True):
        _draw(canvas, part, box)
    return canvas.pixels


def _boxes(count: int) -> list[_Box]:
    if count == 1:
        return [_Box(0, 0, SIZE, SIZE)]
    upper = SIZE * 5 // 8
    width = SIZE // (count - 1)
    lower = [_Box(place * width, upper, width, SIZE - upper) for place in range(count - 1)]
    return [_Box(0, 0, SIZE, upper), *lower]


def _draw(canvas: Canvas, part: Part, box: _Box) -> None:
    candles, count = part.candles, len(part.candles)
    plot = _Box(
        box.left + _MARGIN,
        box.top + _MARGIN + HEIGHT + 2,
        box.width - _MARGIN - _AXIS,
        box.height - 2 * _MARGIN - HEIGHT - 2,
    )
    if not 0 < 2 * count <= plot.width - 2:
        raise UnfitBars(f"{part.interval}: {count} bars do not fit into {plot.width} pixels")
    counted = bool(candles.volume.any())
    foot = plot.height // 5 if counted else 0
    scale = Scale(
        float(candles.low.min()),
        float(candles.high.max()),
        plot.top + 3,
        plot.height - foot - 6,
    )
    _axis(canvas, scale, plot)
    canvas.write(part.interval, plot.left, box.top + _MARGIN + HEIGHT // 2, _TEXT)
    if counted:
        _volumes(canvas, candles, plot, foot - 2)
    _candles(canvas, candles, plot, scale)
    canvas.frame(plot.left, plot.top, plot.width, plot.height, _FRAME)
    if part.begins is not None:
        left = _places(count, plot)[0][part.begins]
        right = plot.left + plot.width - 1
        canvas.fill(left, plot.top + plot.height + 2, right - left, _MARK_ROWS, _MARK)


def _axis(canvas: Canvas, scale: Scale, plot: _Box) -> None:
    for text, row in scale.labels(scale.rows // _ROWS_A_LABEL):
        canvas.fill(plot.left, row, plot.width, 1, _GRID)
        canvas.fill(plot.left + plot.width, row, 3, 1, _FRAME)
        canvas.write(text, plot.left + plot.width + 5, row, _TEXT)


def _places(count: int, plot: _Box) -> tuple[list[int], int]:
    """The left edge of every candle, and how wide each is: an odd number of pixels."""
    inside = plot.width - 2
    slot = inside // count
    wide = max(slot - 1 - (slot % 2), 1)
    return [plot.left + 1 + number * inside // count for number in range(count)], wide


def _candles(canvas: Canvas, candles: Candles, plot: _Box, scale: Scale) -> None:
    lefts, wide = _places(len(candles), plot)
    opened, closed = scale.row(candles.open), scale.row(candles.close)
    top, bottom = scale.row(candles.high), scale.row(candles.low)
    for number, left in enumerate(lefts):
        colour = _colour(float(candles.open[number]), float(candles.close[number]))
        canvas.fill(left + wide // 2, top[number], 1, bottom[number] - top[number] + 1, colour)
        upper, lower = sorted((opened[number], closed[number]))
        canvas.fill(left, upper, wide, lower - upper + 1, colour)


def _volumes(canvas: Canvas, candles: Candles, plot: _Box, rows: int) -> None:
    lefts, wide = _places(len(candles), plot)
    heights = np.rint(candles.volume / candles.volume.max() * rows).astype(np.int64)
    foot = plot.top + plot.height - 1
    for left, height in zip(lefts, heights, strict=True):
        canvas.fill(left, foot - height, wide, height, _VOLUME)


def _colour(opened: float, closed: float) -> Colour:
    if opened == closed:
        return _STILL
    return _RISING if closed > opened else _FALLING
