"""Files into a market log: every set of files becomes a source, once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from actors.feeds.files import FileFeed
from actors.feeds.formats.format import FileOptions
from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.summary import EXAMPLES_MAX, IngestSummary
from actors.feeds.survey import Wanted, survey
from events.market_log import MarketLog
from schemas.errors import UserError


class DataConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files, and what they do not say about themselves.

    Attributes:
        paths: files or directories; in a configuration file, relative to it.
        instruments: symbols such as ``EUR/USD``; empty for all that the files name.
        venue: where they trade, such as ``FXCM``; empty for what the files' folders say.
        files: their format, and what it leaves open.
        quality: what to do with faulty rows.
        on_bad_rows: whether rows that are mistakes in the files (no number, a price below zero)
            fail the command once all others are recorded, or count as refused and no more.
    """

    paths: Annotated[tuple[str, ...], Meta(min_length=1)]
    instruments: tuple[str, ...] = ()
    venue: str = ""
    files: FileOptions = FileOptions()
    quality: QualityPolicy = QualityPolicy()
    on_bad_rows: Literal["fail", "keep-going"] = "fail"


class BadRows(UserError):
    """Files hold rows that are mistakes. They are refused; all others are in the market log."""

    def __init__(self, summaries: Sequence[IngestSummary]) -> None:
        count = sum(summary.rows_malformed for summary in summaries)
        named = [text for summary in summaries for text in summary.malformed][:EXAMPLES_MAX]
        more = f"; and {count - len(named):,} more" if count > len(named) else ""
        rows = "1 row is" if count == 1 else f"{count:,} rows are"
        super().__init__(
            f"{rows} malformed: {'; '.join(named)}{more}. What was good is recorded; mend the file,"
            " or go on without these rows: --on-bad-rows keep-going, or on_bad_rows in [[data]]"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """One source, and what is in it."""

    source: str
    summary: IngestSummary


type Reading = Callable[[str, int], None]
"""Told the source and how many of its rows were read."""


def bad_rows(data: DataConfig, ingested: Sequence[Ingested]) -> BadRows | None:
    """What is wrong with the rows that were ingested, if the user does not put up with it."""
    if data.on_bad_rows == "keep-going" or not any(i.summary.rows_malformed for i in ingested):
        return None
    return BadRows([each.summary for each in ingested])


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


def ingest_all(
    log: MarketLog,
    datas: Iterable[DataConfig],
    reading: Reading,
    definitions: tuple[InstrumentDefinition, ...] = (),
) -> list[Ingested]:
    """As ``ingest``, for everything that a configuration names.

    Raises:
        BadRows: rows are mistakes, and the configuration does not put up with them.
    """
    ingested: list[Ingested] = []
    for data in datas:
        sources = ingest(log, data, reading, definitions)
        if (problem := bad_rows(data, sources)) is not None:
            raise problem
        ingested += sources
    return ingested
