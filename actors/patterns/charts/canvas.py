"""A coloured picture that one draws on with rectangles, lines and digits."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.charts.glyphs import ADVANCE, GLYPHS, HEIGHT

type Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)


class Canvas:
    """Pixels from the top left; what lies outside is not drawn.

    Attributes:
        pixels: uint8[height, width, 3].
    """

    def __init__(self, height: int, width: int) -> None:
        self.pixels: Final[NDArray[np.uint8]] = np.full((height, width, 3), WHITE, dtype=np.uint8)

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """A rectangle."""
        rows, columns = slice(max(top, 0), top + height), slice(max(left, 0), left + width)
        self.pixels[rows, columns] = colour

    def frame(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """The outline of a rectangle, one pixel wide."""
        for row in (top, top + height - 1):
            self.fill(left, row, width, 1, colour)
        for column in (left, left + width - 1):
            self.fill(column, top, 1, height, colour)

    def write(self, text: str, left: int, middle: int, colour: Colour) -> None:
        """A text that begins at ``left`` and is centred on row ``middle``; one has to keep it
        inside.
        """
        top = middle - HEIGHT // 2
        for place, letter in enumerate(text):
            glyph = GLYPHS[letter]
            start = left + ADVANCE * place
            area = self.pixels[top : top + HEIGHT, start : start + glyph.shape[1]]
            area[glyph] = colour
