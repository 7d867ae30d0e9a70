"""A backtest from files to rows in ClickHouse: read, run, record, project, sum up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Protocol

from actors.execution.venue import Window
from actors.feeds.merge import windows
from actors.kit.retracing import Diverged
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.codecs.json import decode_step
from events.market_log import MarketLog, MarketReader
from projections.readback import ProjectedMarket, projected_rows
from runtime.config import BacktestConfig, RunSpec, save_config
from runtime.home import Home, RunDirectory, run_id
from runtime.ingesting import Ingested, ingest
from runtime.instruments import KnownInstrument, known_once
from runtime.projector_process import ProjectorProcess
from runtime.recording import Recording, record
from runtime.results import BacktestResult, summed_up, write_result
from runtime.serving import ServedModels
from runtime.wiring import Backtest, wire
from schemas.cell import CellStarted
from schemas.errors import UserError
from schemas.quantities import SECOND_NS, Nanoseconds


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
    market_log: SqliteMarketLog
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
        NotRepeatable: an unfinished run of the same code decided otherwise before.
    """
    with home.held("backtest"), ProjectorProcess(home) as projector:
        began = perf_counter()
        ingested = _ingested(home, config, watcher)
        sources = tuple(each.source for each in ingested)
        ingest_s = perf_counter() - began
        ready = _ready(home, RunSpec(config=config, sources=sources), new=new)
        whole = config.start is None and config.end is None
        projector.begin(ready.directory.run, sources if whole else ())
        began = perf_counter()
        with _market(ready, projector if from_clickhouse else None) as market:
            recording = _record(ready, market, watcher)
        watcher.projecting()
        projector.finish()
        elapsed_s = perf_counter() - began
        _require_rows(recording, ingested)
        result = summed_up(
            ready.backtest,
            recording,
            refused=sum(each.summary.rows_refused for each in ingested),
            ingest_s=ingest_s,
            elapsed_s=elapsed_s,
        )
        write_result(ready.directory.result, result)
    return result


def _ingested(home: Home, config: BacktestConfig, watcher: Watcher) -> list[Ingested]:
    return [
        each
        for data in config.data
        for each in ingest(home, data, watcher.reading, config.instruments)
    ]


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
    if moment is None:
        return None
    since = moment - datetime.fromtimestamp(0, UTC)
    return (since // timedelta(microseconds=1)) * 1000


def known_instruments(log: MarketLog, spec: RunSpec) -> tuple[KnownInstrument, ...]:
    """What the sources of a run are about; several may be about one instrument."""
    return known_once(KnownInstrument.at_head_of(log, source) for source in spec.sources)


def _ready(home: Home, spec: RunSpec, *, new: bool) -> _Ready:
    log = SqliteMarketLog(home.market, Durability.PROCESS_CRASH)
    served = ServedModels(home, spec.config.patterns)
    backtest = wire(spec, known_instruments(log, spec), served)
    directory = _directory(home, backtest, new=new)
    return _Ready(
        backtest=replace(backtest, run=directory.run),
        directory=directory,
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


def _record(ready: _Ready, market: MarketReader, watcher: Watcher) -> Recording:
    journal = SqliteJournal(ready.directory.journal, Durability.PROCESS_CRASH)
    windows_of_run = market_windows(market, ready.backtest.spec)
    try:
        return record(
            ready.backtest, journal, windows_of_run, lambda rows: watcher.running(rows, ready.rows)
        )
    except Diverged as error:
        raise NotRepeatable(
            f"run {ready.directory.run}: {error}; does a strategy use the clock, chance, or the"
            " order of a set? --new starts another run"
        ) from error


def _directory(home: Home, backtest: Backtest, *, new: bool) -> RunDirectory:
    """The newest run of this configuration if it can go on, else a new one."""
    strategy = backtest.spec.config.strategies[0].use
    attempt = 1
    while True:
        run = run_id(strategy, backtest.started.config_hash, attempt)
        directory = home.run_dir(run)
        if not directory.journal.exists() or (not new and _goes_on(directory, backtest.started)):
            save_config(directory.config, backtest.spec.config)
            return directory
        attempt += 1


def _goes_on(directory: RunDirectory, started: CellStarted) -> bool:
    """Whether a run was left unfinished by the same code; another's decisions may differ."""
    if directory.result.exists():
        return False
    first = next(iter(SqliteJournal(directory.journal).records()), None)
    if first is None:
        return True
    # The configuration as it was given also says where files lay, which decides nothing.
    match decode_step(first.body).input.payload:
        case CellStarted(code_hash=started.code_hash, config_hash=started.config_hash):
            return True
        case _:
            return False
