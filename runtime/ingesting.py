"""Files into a market log: every set of files becomes a source, once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from actors.feeds.files import FileFeed
from actors.feeds.formats.format import FileOptions
from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.summary import IngestSummary
from actors.feeds.survey import Wanted, survey
from events.market_log import MarketLog


class DataConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files, and what they do not say about themselves.

    Attributes:
        paths: files or directories; in a configuration file, relative to it.
        instruments: symbols such as ``EUR/USD``; empty for all that the files name.
        venue: where they trade, such as ``FXCM``; empty for what the files' folders say.
        files: their format, and what it leaves open.
        quality: what to do with faulty rows.
    """

    paths: Annotated[tuple[str, ...], Meta(min_length=1)]
    instruments: tuple[str, ...] = ()
    venue: str = ""
    files: FileOptions = FileOptions()
    quality: QualityPolicy = QualityPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """One source, and what is in it."""

    source: str
    summary: IngestSummary


type Reading = Callable[[str, int], None]
"""Told the source and how many of its rows were read."""


def ingest(
    log: MarketLog,
    data: DataConfig,
    reading: Reading,
    definitions: tuple[InstrumentDefinition, ...] = (),
) -> tuple[Ingested, ...]:
    """Bring every source behind the files to its end; a source that is there already is left alone.

    Args:
        definitions: instruments that are not in the catalogue, or differ from it.

    Raises:
        FeedError: a path, a format or a row is wrong; what was good before it is in the log.
        LogError: the log cannot be written; the same call goes on from there.
    """
    wanted = Wanted(
        instruments=data.instruments,
        venue=data.venue,
        definitions=definitions,
        files=data.files,
    )
    ingested = []
    for files in survey([Path(path) for path in data.paths], wanted):
        feed = FileFeed(files, data.quality)

        def progress(summary: IngestSummary, source: str = feed.source) -> None:
            reading(source, summary.rows_read)

        with log.open(feed.source) as writer:
            ingested.append(Ingested(source=feed.source, summary=feed.ingest(writer, progress)))
    return tuple(ingested)
