"""Digits and the few letters that a chart needs, five pixels wide and seven high."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

HEIGHT: Final = 7
ADVANCE: Final = 6
"""From one glyph to the next."""

_DRAWN: Final = """
.###. ..#.. .###. .###. ...#. ##### .###. ##### .###. .###. ..... ..... ..... ..... #.... ....#
#...# .##.. #...# #...# ..##. #.... #.... ....# #...# #...# ..... ..... ..... ..... #.... ....#
#..## ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...# ..... ..... .###. ##.#. ####. .####
#.#.# ..#.. ..##. ..##. #..#. ....# ####. ..#.. .###. .#### ..... ##### #.... #.#.# #...# #...#
##..# ..#.. .#... ....# ##### ....# #...# ..#.. #...# ....# ..... ..... .###. #.#.# #...# #...#
#...# ..#.. #.... #...# ...#. #...# #...# ..#.. #...# ....# .##.. ..... ....# #.#.# #...# #...#
.###. .###. ##### .###. ...#. .###. .###. ..#.. .###. .###. .##.. ..... ####. #.#.# #...# .####
"""
_ORDER: Final = "0123456789.-smhd"


def _cut() -> Mapping[str, NDArray[np.bool_]]:
    rows = [line.split() for line in _DRAWN.split("\n") if line]
    return MappingProxyType(
        {
            letter: np.array([[dot == "#" for dot in row[place]] for row in rows])
            for place, letter in enumerate(_ORDER)
        }
    )


GLYPHS: Final = _cut()
"""bool[7, 5] by character."""


def width_of(text: str) -> int:
    """How many pixels a text takes."""
    return max(ADVANCE * len(text) - 1, 0)
