"""What a format is: it recognises files, says what is in them, and reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from actors.feeds.rows import Block, Place
from actors.feeds.text.layout import Precision
from events.batches import BatchKind
from schemas.quantities import Nanoseconds


class FileOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What files do not say about themselves.

    Attributes:
        format: a name in ``formats.catalogue``, or ``auto``.
        start: beginning of the time that a Dukascopy file outside its dated folders covers.
        symbol: of files that do not name their instrument; the survey fills it in.
        interval: of bars, such as ``1m``, where it cannot be told from the rows.
        timezone: IANA name or fixed offset (``-05:00``) of times that have no offset. A CSV file
            with several offsets is taken only when it is set.
        bar_time: whether a bar's time in a CSV or Parquet file is when it opened or closed.
        columns: meaning (``time``, ``bid``, ``price``, ...) by column name, where the usual names
            do not fit; an empty one for a column that is not needed.
    """

    format: str = "auto"
    start: datetime | None = None
    symbol: str = ""
    interval: str = ""
    timezone: str = ""
    bar_time: Literal["open", "close"] = "open"
    columns: dict[str, str] = {}


class Reader(Protocol):
    """Reads the rows of one part of a file."""

    @property
    def name(self) -> str:
        """How messages and refused rows name the file."""
        ...

    def price_decimals(self) -> int:
        """How many decimals the first prices need.

        Raises:
            Unreadable: the file is damaged.
        """
        ...

    def blocks(self, precision: Precision, start: Place) -> Iterator[Block]:
        """Stretches of rows from a place on; the same place gives the same stretches.

        Raises:
            Unreadable: nothing behind what was given so far can be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one instrument in one file.

    Attributes:
        symbol, venue: as the file or its folders tell them; empty when they do not.
        side: ``BID`` or ``ASK`` where a file holds bars of one side only.
        starts: when the time that it covers begins, as far as the name tells.
        meaning: what else decides how it is read, for the name of the source.
    """

    path: Path
    symbol: str
    venue: str
    kind: BatchKind
    reader: Reader
    interval: str = ""
    side: str = ""
    starts: Nanoseconds | None = None
    meaning: str = ""


class FileFormat(Protocol):
    """One format."""

    @property
    def name(self) -> str:
        """What options call it."""
        ...

    def claims(self, path: Path) -> bool:
        """Whether a file looks like this format, by its path and its first bytes."""
        ...

    def parts(self, path: Path, options: FileOptions) -> Sequence[Part]:
        """What is in a file; nothing when it holds no market data.

        Raises:
            FeedError: something must be told that the file does not tell, or it is damaged.
        """
        ...
