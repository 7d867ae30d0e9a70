"""All formats, and which of them a file is."""

from pathlib import Path
from typing import Final

from actors.feeds.errors import FeedError
from actors.feeds.formats.binance import BinanceFormat
from actors.feeds.formats.csv import CsvFormat
from actors.feeds.formats.dukascopy import DukascopyFormat
from actors.feeds.formats.format import FileFormat
from actors.feeds.formats.lean import LeanFormat
from actors.feeds.formats.parquet import ParquetFormat

FORMATS: Final[tuple[FileFormat, ...]] = (
    DukascopyFormat(),
    BinanceFormat(),
    LeanFormat(),
    ParquetFormat(),
    CsvFormat(),
)
"""The first that claims a file has it, so the most particular come first."""

AUTO: Final = "auto"


def format_named(name: str) -> FileFormat:
    """The format of that name.

    Raises:
        FeedError: there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    raise FeedError(f"unknown format {name!r}: choose {AUTO}, {', '.join(f.name for f in FORMATS)}")


def format_of(path: Path) -> FileFormat | None:
    """The format that a file looks like; ``None`` when it looks like none."""
    return next((known for known in FORMATS if known.claims(path)), None)
