"""The reader of every format that is lines of text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from actors.feeds.columns import PRICES, SIZES
from actors.feeds.errors import Unreadable
from actors.feeds.rows import Block, Place
from actors.feeds.text.decimals import decimal_places
from actors.feeds.text.layout import AGGRESSOR, Layout, Precision
from actors.feeds.text.lines import TextFile, first_lines, line_blocks
from actors.feeds.text.table import MixedZones, read_block
from events.batches import BatchKind

_PEEKED_LINES: Final = 2_000


@dataclass(frozen=True, slots=True)
class DelimitedReader:
    """Rows of a text file by its layout. Sizes that the file does not tell are 0."""

    file: TextFile
    layout: Layout

    @property
    def name(self) -> str:
        """The file, and the member where it is an archive."""
        return self.file.name

    def price_decimals(self) -> int:
        """The most decimals of a price in the first lines, or what the layout's shift implies."""
        if self.layout.price_shift:
            return self.layout.price_shift
        lines = first_lines(self.file, _PEEKED_LINES)[self.layout.header :]
        cells = [line.split(self.layout.delimiter) for line in lines]
        wanted = [
            i for i, name in enumerate(self.layout.fields) if name in PRICES[self.layout.kind]
        ]
        prices = [row[i].strip('" ') for row in cells for i in wanted if i < len(row)]
        return decimal_places(pa.array(prices, pa.string()))

    def blocks(self, precision: Precision, start: Place) -> Iterator[Block]:
        """Blocks of a few ten thousand rows.

        Raises:
            Unreadable: the file is damaged, begins with other columns, or mixes time zones.
        """
        for lines in line_blocks(self.file, start):
            try:
                block = read_block(self.name, lines, self.layout, precision)
            except MixedZones as mixed:
                yield with_all_columns(mixed.block, self.layout.kind)
                raise
            if lines.start.row == 0:
                self._check_first(block)
            yield with_all_columns(block, self.layout.kind)

    def _check_first(self, block: Block) -> None:
        """A file whose first row has other columns is another kind of file."""
        first = self.layout.header + 1
        for refusal in block.refusals[:1]:
            if refusal.origin.number == first and refusal.reason == "wrong_columns":
                expected = len(self.layout.fields)
                raise Unreadable(
                    self.name,
                    first,
                    "wrong_columns",
                    f"{expected} columns were expected, not {refusal.origin.raw!r}",
                )


def with_all_columns(block: Block, kind: BatchKind) -> Block:
    """The block with a column of zeros for every size, and the aggressor, that its file lacks."""
    expected = (*SIZES[kind], *((AGGRESSOR,) if kind is BatchKind.TRADES else ()))
    lacking = [name for name in expected if name not in block.rows.columns]
    if not lacking:
        return block
    zeros = np.zeros(len(block.rows), dtype=np.int64)
    return replace(block, rows=block.rows.with_columns(dict.fromkeys(lacking, zeros)))
