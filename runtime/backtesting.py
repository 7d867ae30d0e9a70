"""A backtest from files to rows in ClickHouse: read, run, record, project, sum up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Protocol

from actors.execution.venue import Window
from actors.feeds.merge import windows
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.codecs.json import decode_step
from events.market_log import MarketLog
from runtime.config import BacktestConfig, RunSpec, save_config
from runtime.home import Home, RunDirectory, run_id
from runtime.ingesting import ingest
from runtime.instruments import KnownInstrument, known_once
from runtime.projector_process import ProjectorProcess
from runtime.recording import Recording, record
from runtime.results import BacktestResult, summed_up, write_result
from runtime.wiring import Backtest, wire
from schemas.cell import CellStarted
from schemas.quantities import Nanoseconds


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
    home: Home, config: BacktestConfig, watcher: Watcher, *, new: bool = False
) -> BacktestResult:
    """Run a configuration to its end, going on with an unfinished run of it unless ``new``.

    Raises:
        UserError: a file, a parameter, the home or its disk needs a person.
        Diverged: an unfinished run of the same code and configuration decided otherwise before.
    """
    with home.held("backtest"), ProjectorProcess(home) as projector:
        began = perf_counter()
        sources = tuple(
            ingested.source
            for data in config.data
            for ingested in ingest(home, data, watcher.reading, config.instruments)
        )
        ingest_s = perf_counter() - began
        ready = _ready(home, RunSpec(config=config, sources=sources), new=new)
        whole = config.start is None and config.end is None
        projector.begin(ready.directory.run, sources if whole else ())
        began = perf_counter()
        recording = _record(ready, watcher)
        watcher.projecting()
        projector.finish()
        elapsed_s = perf_counter() - began
        result = summed_up(ready.backtest, recording, ingest_s=ingest_s, elapsed_s=elapsed_s)
        write_result(ready.directory.result, result)
    return result


def market_windows(log: MarketLog, spec: RunSpec) -> Iterator[Window]:
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
    backtest = wire(spec, known_instruments(log, spec))
    directory = _directory(home, backtest, new=new)
    return _Ready(
        backtest=replace(backtest, run=directory.run),
        directory=directory,
        market_log=log,
        rows=sum(log.end(source) for source in spec.sources),
    )


def _record(ready: _Ready, watcher: Watcher) -> Recording:
    journal = SqliteJournal(ready.directory.journal, Durability.PROCESS_CRASH)
    market = market_windows(ready.market_log, ready.backtest.spec)
    return record(ready.backtest, journal, market, lambda rows: watcher.running(rows, ready.rows))


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
    return first is None or decode_step(first.body).input.payload == started
