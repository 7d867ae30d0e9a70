"""A backtest from files to rows in ClickHouse: read, run, record, project, sum up."""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol

from msgspec import UNSET, UnsetType

from actors.execution.venue import Window
from actors.feeds.merge import windows
from actors.kit.retracing import Diverged
from events.backends.files.span_file import SpanFile
from events.journal import Journal
from events.market_log import MarketLog, MarketReader
from projections.readback import ProjectedMarket, projected_rows
from runtime.answers import RememberedModels
from runtime.code import recognising_digest
from runtime.config import BacktestConfig, RunSpec
from runtime.home import Home, RunDirectory
from runtime.ingesting import Ingested, ingest_all
from runtime.instruments import KnownInstrument, known_once
from runtime.placing import Logs, place_run
from runtime.projector_process import ProjectorProcess
from runtime.recording import Recording, record
from runtime.results import BacktestResult, summed_up, write_result
from runtime.serving import ServedModels
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.telemetry import telemetry
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.errors import UserError
from schemas.quantities import SECOND_NS, Nanoseconds, nanoseconds


class NotProjected(UserError):
    """Ticks were asked for from ClickHouse that are not there yet."""


class NotRepeatable(UserError):
    """An unfinished run cannot be gone on with, because its beginning comes out otherwise."""


class NothingToTrade(UserError):
    """The span that was asked for holds no market data."""


class Watcher(Protocol):
    """Who is told how far a backtest is."""

    def reading(self, source: str, rows: int) -> None:
        """So many rows of a source were read from files."""
        ...

    def running(self, rows: int, of: int) -> None:
        """So many market rows out of all were consumed."""
        ...

    def projecting(self) -> None:
        """Everything is decided; the rest is on its way into ClickHouse."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    backtest: Backtest
    directory: RunDirectory
    journal: Journal
    market_log: MarketLog
    rows: int


def run_backtest(
    home: Home,
    config: BacktestConfig,
    watcher: Watcher,
    *,
    new: bool = False,
    from_clickhouse: bool = False,
) -> BacktestResult:
    """Run a configuration to its end, going on with an unfinished run of it unless ``new``.

    Args:
        from_clickhouse: read the ticks back from ClickHouse, where an earlier run put them; the
            decisions are the same.

    Raises:
        UserError: a file, a parameter, the home or its disk needs a person.
        BadRows: rows are mistakes, and the configuration does not put up with them.
        NotRepeatable: an unfinished run of the same code decided otherwise before.
    """
    with home.held("backtest"), ProjectorProcess(home) as projector:
        began = perf_counter()
        logs = Logs(home, config)
        ingested = ingest_all(logs.market_log, config.data, watcher.reading, config.instruments)
        sources = tuple(each.source for each in ingested)
        ingest_s = perf_counter() - began
        ready = _ready(logs, sources, new=new)
        whole = config.start is None and config.end is None
        projector.begin(ready.directory.run, sources if whole else ())
        began = perf_counter()
        with _market(ready, projector if from_clickhouse else None) as market:
            recording = _record(ready, market, watcher, config.telemetry)
        watcher.projecting()
        projected = projector.finish()
        elapsed_s = perf_counter() - began
        _require_rows(recording, ingested)
        result = summed_up(
            ready.backtest,
            recording,
            projected.outcome,
            refused=sum(each.summary.rows_refused for each in ingested),
            ingest_s=ingest_s,
            elapsed_s=elapsed_s,
        )
        write_result(ready.directory.result, result)
    return result


def _require_rows(recording: Recording, ingested: Sequence[Ingested]) -> None:
    times = [ts for each in ingested for ts in (each.summary.first_ts, each.summary.last_ts) if ts]
    if times and not recording.rows:
        ends = (datetime.fromtimestamp(ts // SECOND_NS, UTC) for ts in (min(times), max(times)))
        first, last = (f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in ends)
        raise NothingToTrade(
            f"backtest: nothing lies between start and end; the data is from {first} to {last}"
        )


def market_windows(log: MarketReader, spec: RunSpec) -> Iterator[Window]:
    """The recorded market of a run, merged by time."""
    config = spec.config
    return windows(log, spec.sources, from_ts=_ns(config.start), to_ts=_ns(config.end))


def _ns(moment: datetime | None) -> Nanoseconds | None:
    return None if moment is None else nanoseconds(moment)


def known_instruments(log: MarketLog, spec: RunSpec) -> tuple[KnownInstrument, ...]:
    """What the sources of a run are about; several may be about one instrument."""
    return known_once(KnownInstrument.at_head_of(log, source) for source in spec.sources)


def _ready(logs: Logs, sources: tuple[str, ...], *, new: bool) -> _Ready:
    log = logs.market_log
    spec = RunSpec(config=logs.config.deciding(), sources=sources)
    models = ServedModels(logs.home, spec.config.patterns)
    served = RememberedModels(models, logs.home.answers, recognising_digest)
    backtest = wire(spec, known_instruments(log, spec), served)
    directory, journal = place_run(logs, backtest, new=new)
    return _Ready(
        backtest=dataclasses.replace(backtest, run=directory.run),
        directory=directory,
        journal=journal,
        market_log=log,
        rows=sum(log.end(source) for source in spec.sources),
    )


@contextmanager
def _market(ready: _Ready, projector: ProjectorProcess | None) -> Iterator[MarketReader]:
    """Where the ticks come from: the market log, or what is projected of it."""
    if projector is None:
        yield ready.market_log
        return
    with projector.queries() as queries:
        for source in ready.backtest.spec.sources:
            there, all_rows = projected_rows(queries, source), ready.market_log.end(source)
            if there < all_rows:
                raise NotProjected(
                    f"source {source}: {there:,} of its {all_rows:,} rows are in ClickHouse; a "
                    "backtest from the market log puts them there"
                )
        yield ProjectedMarket(queries)


def _record(
    ready: _Ready,
    market: MarketReader,
    watcher: Watcher,
    how: TelemetryConfig | UnsetType,
) -> Recording:
    try:
        with _cell(ready, how) as (backtest, journal):
            return record(
                backtest,
                journal,
                market_windows(market, backtest.spec),
                lambda rows: watcher.running(rows, ready.rows),
            )
    except Diverged as error:
        raise NotRepeatable(
            f"run {ready.directory.run}: {error}; does a strategy use the clock, chance, or the"
            " order of a set? --new starts another run"
        ) from error


@contextmanager
def _cell(ready: _Ready, how: TelemetryConfig | UnsetType) -> Iterator[tuple[Backtest, Journal]]:
    """The run's cell and its journal, watched if the configuration asks for it."""
    cell, journal = ready.backtest, ready.journal
    if how is UNSET:
        yield cell, journal
        return
    watched = Watched(cell=cell.identity.cell, run=cell.run)
    with telemetry(how, watched, SpanFile(ready.directory.spans)) as watching:
        observer = watching.observer()
        deciders = observer.deciders(cell.deciders)
        yield dataclasses.replace(cell, deciders=deciders), observer.journal(journal)
