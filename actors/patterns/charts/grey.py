"""Small grey charts for convolutional networks, many at once.

As in Jiang, Kelly and Xiu (2023), "(Re-)Imag(in)ing Price Trends", Journal of Finance 78(6): white
on black; three pixels a bar, with the open as a tick on the left, the range from high to low in
the middle and the close as a tick on the right; a moving average as long as the picture; the
volume from below in the bottom fifth. Prices are scaled so that the highest and the lowest of a
picture touch its edges, volumes so that the greatest fills its part. The average is inside that
scale too, so that it is never cut off.

Only sums, divisions and roundings of single numbers are taken, in an order that does not depend on
how many pictures are drawn, so a picture is the same drawn alone and among ten thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles, UnfitBars
from projections.analytics.series import Doubles

WHITE: Final = 255

_TOGETHER: Final = 64
"""Pictures drawn in one go: few enough for the processor's cache."""

type Pictures = NDArray[np.uint8]
type _Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GreyLayout:
    """The sizes of one kind of picture.

    Attributes:
        bars: how many bars it shows; height: in pixels.
    """

    bars: int
    height: int

    @property
    def width(self) -> int:
        """In pixels: three a bar."""
        return 3 * self.bars

    @property
    def volume_rows(self) -> int:
        """Pixels of the volume's part, at the bottom."""
        return self.height // 5

    @property
    def price_rows(self) -> int:
        """Pixels of the prices' part, at the top; one black row is between the two."""
        return self.height - self.volume_rows - 1

    @property
    def history(self) -> int:
        """Bars that a picture needs: the first one's moving average looks back as far again."""
        return 2 * self.bars - 1


LAYOUTS: Final[Mapping[int, GreyLayout]] = MappingProxyType(
    {5: GreyLayout(5, 32), 20: GreyLayout(20, 64), 60: GreyLayout(60, 96)}
)
"""The three kinds of the paper, by how many bars they show."""


def grey_charts(candles: Candles, bars: int, ends: NDArray[np.intp] | None = None) -> Pictures:
    """Pictures of the ``bars`` bars up to and with each end.

    Args:
        bars: 5, 20 or 60.
        ends: indices into ``candles`` of the last bar of every picture; by default every bar with
            enough before it, in order.

    Returns:
        uint8[n, height, 3 * bars]; 0 is black and 255 white.

    Raises:
        UnfitBars: there is no such kind of picture, or an end has too few bars before it.
    """
    layout = _layout(bars)
    first = layout.history - 1
    if ends is None:
        ends = np.arange(first, len(candles), dtype=np.intp)
    if ends.size and not first <= ends.min() <= ends.max() < len(candles):
        raise UnfitBars(
            f"a picture of {bars} bars ends at one of {first} to {len(candles) - 1},"
            f" not at {ends.min() if ends.min() < first else ends.max()}"
        )
    average = _moving_average(candles.close, bars)
    pictures = np.empty((len(ends), layout.height, layout.width), dtype=np.uint8)
    for start in range(0, len(ends), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        _draw(candles, average, layout, ends[some], pictures[some])
    return pictures


def grey_chart(candles: Candles, bars: int) -> Pictures:
    """The one picture that ends with the last bar: uint8[height, 3 * bars].

    Raises:
        UnfitBars: as ``grey_charts``.
    """
    return np.asarray(grey_charts(candles, bars, np.array([len(candles) - 1], dtype=np.intp))[0])


def _layout(bars: int) -> GreyLayout:
    if bars not in LAYOUTS:
        raise UnfitBars(f"there are pictures of {', '.join(map(str, LAYOUTS))} bars, not of {bars}")
    return LAYOUTS[bars]


def _moving_average(close: Doubles, length: int) -> Doubles:
    """One value a bar, summed in the same order at each; the first ``length - 1`` are of no use."""
    total = np.zeros_like(close)
    for back in range(length):
        total[length - 1 :] += close[length - 1 - back : len(close) - back]
    return total / length


def _draw(
    candles: Candles, average: Doubles, layout: GreyLayout, ends: NDArray[np.intp], out: Pictures
) -> None:
    window = ends[:, None] + np.arange(1 - layout.bars, 1)
    mean, high, low = average[window], candles.high[window], candles.low[window]
    upper = np.maximum(high, mean).max(axis=1, keepdims=True)
    lower = np.minimum(low, mean).min(axis=1, keepdims=True)

    def row(price: Doubles) -> Doubles:
        # A price that never moves is a line across the middle.
        flat = upper == lower
        share = np.where(flat, 0.5, (upper - price) / np.where(flat, 1.0, upper - lower))
        return np.asarray(share * (layout.price_rows - 1))

    tops = np.empty((len(ends), layout.width), dtype=np.int64)
    lengths = np.ones_like(tops)
    tops[:, 0::3] = np.rint(row(candles.open[window]))
    tops[:, 1::3] = np.rint(row(high))
    lengths[:, 1::3] = np.rint(row(low)) - tops[:, 1::3] + 1
    tops[:, 2::3] = np.rint(row(candles.close[window]))
    white = _spans(tops, lengths, 0, layout.price_rows)
    white |= _spans(*_line(row(mean)), 0, layout.price_rows)
    split = layout.price_rows
    np.multiply(white, WHITE, out=out[:, :split], casting="unsafe")
    out[:, split:] = 0
    out[:, split:, 1::3] = WHITE * _volume(candles.volume[window], layout)


def _line(rows: Doubles) -> tuple[_Rows, _Rows]:
    """Spans that join the rows at the bars' middles; none in the first and the last column."""
    count, bars = rows.shape
    position = (np.arange(1, 3 * bars - 1) - 1) / 3
    left = np.minimum(position.astype(np.intp), bars - 2)
    path = rows[:, left] + (position - left) * (rows[:, left + 1] - rows[:, left])
    here = np.rint(path).astype(np.int64)
    following = np.concatenate((here[:, 1:], here[:, -1:]), axis=1)
    tops = np.zeros((count, 3 * bars), dtype=np.int64)
    lengths = np.zeros_like(tops)
    tops[:, 1:-1] = np.where(following < here, following + 1, here)
    lengths[:, 1:-1] = np.maximum(np.abs(following - here), 1)
    return tops, lengths


def _volume(volume: Doubles, layout: GreyLayout) -> NDArray[np.bool_]:
    greatest = volume.max(axis=1, keepdims=True)
    share = volume / np.where(greatest > 0, greatest, 1.0)
    lengths = np.rint(share * layout.volume_rows).astype(np.int64)
    return _spans(layout.height - lengths, lengths, layout.price_rows, layout.height)


def _spans(tops: _Rows, lengths: _Rows, first: int, last: int) -> NDArray[np.bool_]:
    """bool[n, last - first, width]: which pixels of rows ``first`` to ``last`` are in the spans."""
    rows = np.arange(first, last, dtype=np.uint8)[None, :, None]
    # Above a span the difference wraps round to a great number: one comparison is enough.
    below = rows - tops.astype(np.uint8)[:, None, :]
    return np.asarray(below < lengths.astype(np.uint8)[:, None, :])
