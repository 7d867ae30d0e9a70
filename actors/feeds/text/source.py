"""Where the rows of a block stand in their file."""

from functools import cached_property
from typing import Final

import numpy as np

from actors.feeds.rows import RAW_LENGTH_MAX, Origin, Place
from actors.feeds.text.lines import Lines


class Source:
    """Finds a line of a block by its number; where lines begin is worked out when first asked."""

    def __init__(self, name: str, lines: Lines) -> None:
        self._name: Final = name
        self._lines: Final = lines

    def origin(self, number: int) -> Origin:
        """The line as it stood, cut to what a refused row keeps."""
        index = number - self._lines.start.row
        start, end = self._ends[index - 1] + 1, self._ends[index]
        raw = self._lines.text[start:end].decode("utf-8", "replace")
        return Origin(self._name, number, raw.rstrip("\r")[:RAW_LENGTH_MAX])

    def place(self, number: int) -> Place:
        """Where the line begins."""
        start = self._ends[number - self._lines.start.row - 1] + 1
        return Place(self._lines.start.offset + start, number - 1)

    @cached_property
    def _ends(self) -> list[int]:
        """Ends of all lines, behind the end of the line before the first."""
        text = np.frombuffer(self._lines.text, dtype=np.uint8)
        return [-1, *np.flatnonzero(text == ord("\n")).tolist(), len(text)]
