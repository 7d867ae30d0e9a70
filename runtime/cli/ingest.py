"""``wakeline ingest``: files into the market log."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

import typer

from runtime.cli import ingest_options as option
from runtime.cli.errors import USER_MUST_ACT, tell_error
from runtime.cli.options import (
    DEFAULT_HOME,
    HomeOption,
    JournalOption,
    JsonOption,
    OnBadRows,
    bad_rows_policy,
)
from runtime.cli.output import progress, tell
from schemas.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from actors.feeds.quality.policy import QualityPolicy
    from actors.feeds.summary import IngestSummary
    from events.market_log import MarketLog
    from runtime.home import Home
    from runtime.ingesting import Ingested

EXAMPLE: Final = "wakeline ingest ticks/ --instrument EUR/USD --venue FXCM"


def ingest(
    paths: option.Paths,
    instrument: option.Instruments = None,
    venue: option.Venue = "",
    data_format: option.Format = "auto",
    timezone: option.Timezone = "",
    interval: option.Interval = "",
    quality: option.Quality = None,
    on_bad_rows: OnBadRows = "fail",
    journal: JournalOption = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Check ticks and bars in files, and record them; the same command goes on where it stopped."""
    from actors.feeds.formats.format import FileOptions
    from runtime.cli.watching import watched
    from runtime.home import Home
    from runtime.ingesting import DataConfig, bad_rows
    from runtime.ingesting import ingest as ingest_files

    data = DataConfig(
        paths=tuple(map(str, paths)),
        instruments=tuple(instrument or ()),
        venue=venue,
        files=FileOptions(format=data_format, timezone=timezone, interval=interval),
        quality=_policy(quality or []),
        on_bad_rows=bad_rows_policy(on_bad_rows),
    )
    place = Home.create(home)
    with place.held("ingest"), watched(progress()) as watcher:
        ingested = ingest_files(_market_log(place, journal), data, watcher.reading)
    answer = {**_fields(_total(ingested)), "sources": [_source(each) for each in ingested]}
    problem = bad_rows(data, ingested)
    if problem is not None:
        answer["error"] = str(problem)
    tell(answer, as_json=as_json, show=lambda console: _show(console, ingested))
    if problem is not None:
        # The answer is complete, and says what is wrong as well: it is the one object.
        tell_error(str(problem), as_json=False)
        raise typer.Exit(USER_MUST_ACT)


def _market_log(home: "Home", journal: str | None) -> "MarketLog":
    from events.backends.sqlite.database import Durability
    from runtime.backends import journal_config, open_backend

    kept = journal_config(journal or "sqlite", home)
    return open_backend(kept, home, Durability.PROCESS_CRASH).market_log()


def _policy(settings: Sequence[str]) -> "QualityPolicy":
    import msgspec

    from actors.feeds.quality.policy import QualityPolicy

    if not settings:
        return QualityPolicy()
    known = ", ".join(QualityPolicy.__struct_fields__)
    for setting in settings:
        if "=" not in setting:
            raise UserError(f"--quality {setting!r}: write FAULT=ACTION; there are: {known}")
    pairs = dict(setting.partition("=")[::2] for setting in settings)
    try:
        return msgspec.convert(pairs, QualityPolicy, strict=False)
    except msgspec.ValidationError as error:
        raise UserError(f"--quality: {error}; there are: {known}") from None


def _total(ingested: "Sequence[Ingested]") -> "IngestSummary":
    from msgspec.structs import replace

    from actors.feeds.summary import IngestSummary

    summaries = [each.summary for each in ingested]
    firsts = [each.first_ts for each in summaries if each.first_ts is not None]
    lasts = [each.last_ts for each in summaries if each.last_ts is not None]
    total = reduce(IngestSummary.plus, summaries, IngestSummary())
    # Sources may lie side by side in time, so the ends are those of all of them.
    return replace(total, first_ts=min(firsts, default=None), last_ts=max(lasts, default=None))


def _source(ingested: "Ingested") -> dict[str, object]:
    return {"source": ingested.source, **_fields(ingested.summary)}


def _fields(summary: "IngestSummary") -> dict[str, object]:
    from msgspec.structs import asdict

    return asdict(summary)


def _show(console: "Console", ingested: "Sequence[Ingested]") -> None:
    from rich.table import Table

    from runtime.cli.formats import utc

    table = Table("source", box=None)
    for column in ("read", "accepted", "refused"):
        table.add_column(column, justify="right")
    for column in ("refused because", "from", "to"):
        table.add_column(column)
    for each in ingested:
        summary = each.summary
        reasons = [f"{reason} {n:,}" for reason, n in summary.refused_by_reason.items()]
        counts = (summary.rows_read, summary.rows_accepted, summary.rows_refused)
        table.add_row(
            each.source,
            *(f"{count:,}" for count in counts),
            "\n".join(reasons),
            utc(summary.first_ts),
            utc(summary.last_ts),
        )
    console.print(table)
    total = _total(ingested)
    kept = ", ".join(f"{reason} {n:,}" for reason, n in total.suspicious.items())
    if kept:
        console.print(f"kept although odd: {kept}")
    if total.gaps or total.gaps_expected:
        console.print(f"gaps: {total.gaps:,}, and {total.gaps_expected:,} that were expected")
    for text in dict.fromkeys(total.files_refused):
        console.print(f"unreadable: {text}", markup=False)
