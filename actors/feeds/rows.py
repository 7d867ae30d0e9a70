"""Rows on their way from a file to the log: columns of integers, and where each row stood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

type Int64s = NDArray[np.int64]
type Bools = NDArray[np.bool_]

RAW_LENGTH_MAX: Final = 200
"""Characters kept of a refused row."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where in a file reading goes on.

    Attributes:
        offset: bytes of a text file, or records of a binary one, that are done with.
        row: lines or records that are done with; the next one has number ``row + 1``.
    """

    offset: int = 0
    row: int = 0


class Origin(msgspec.Struct, frozen=True, array_like=True):
    """Where a row stood: its file, its 1-based line (or record of a binary file), and its text."""

    file: str
    number: int
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Well-formed rows in the order of their file.

    Attributes:
        ts: ``ts_event``, UTC nanoseconds.
        columns: by the names of the kind's layout: mantissas, and ``aggressor``.
        origin: where the row at an index stood.
        trade_ids: the venue's, or ``None`` when the file has none.
    """

    ts: Int64s
    columns: Mapping[str, Int64s]
    origin: Callable[[int], Origin]
    trade_ids: pa.StringArray | None = None

    def __len__(self) -> int:
        return len(self.ts)

    def take(self, chosen: Bools | Int64s) -> Self:
        """The rows at the chosen indices, or where a mask holds."""
        if chosen.dtype == np.bool_:
            if chosen.all():
                return self
            chosen = np.flatnonzero(chosen)
        origin = self.origin
        return replace(
            self,
            ts=self.ts[chosen],
            columns={name: column[chosen] for name, column in self.columns.items()},
            origin=lambda index: origin(int(chosen[index])),
            trade_ids=None if self.trade_ids is None else self.trade_ids.take(pa.array(chosen)),
        )

    def with_columns(self, columns: Mapping[str, Int64s]) -> Self:
        """The same rows with some columns replaced."""
        return replace(self, columns={**self.columns, **columns})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, and how many of its block's well-formed rows stand before it."""

    index: int
    origin: Origin
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of a file, read: its rows, those that could not be, and where the next one begins.

    ``suspicious`` counts by reason what was taken although it is odd.
    """

    rows: Rows
    end: Place
    refusals: Sequence[Refusal] = ()
    suspicious: Mapping[str, int] = field(default_factory=dict)


type Faults = dict[int, tuple[str, str]]
"""Field and reason by the index of a row."""


def block_without(rows: Rows, faults: Faults, end: Place, suspicious: Mapping[str, int]) -> Block:
    """The block that rows make once those at fault are refused. Blank lines are no rows."""
    good = np.ones(len(rows), dtype=np.bool_)
    good[list(faults)] = False
    before = np.cumsum(good)
    refusals = [
        Refusal(int(before[index]), origin, *fault)
        for index, fault in sorted(faults.items())
        if (origin := rows.origin(index)).raw.strip()
    ]
    return Block(rows=rows.take(good), end=end, refusals=refusals, suspicious=suspicious)
