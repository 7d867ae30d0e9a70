"""What it costs to watch a run: the same cell with nobody watching, traced, and traced wholly.

Turns are taken in fresh processes, and ratios are of neighbours in time. The cell alone shows what
the thread that decides pays, the whole way what a user waits for.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace as changed

from benchmarks.apart import apart
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import Unwatched
from events.backends.files.span_file import SpanFile
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.journal import Journal
from runtime.backtesting import known_instruments, market_windows, run_backtest
from runtime.config import BacktestConfig, RunSpec, StrategyConfig, load_config
from runtime.home import Home
from runtime.ingesting import DataConfig
from runtime.recording import record
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.telemetry import telemetry
from runtime.wiring import wire

DECISIONS: Final = TelemetryConfig()
EVERYTHING: Final = TelemetryConfig(sample=1.0)

type How = TelemetryConfig | UnsetType


def backtested(home: Path, files: Path, how: How) -> tuple[str, float]:
    """The cross once more, from the log to ClickHouse; the run's id, and ticks a second."""
    config = BacktestConfig(
        data=(DataConfig(paths=(str(files),), instruments=("EUR/USD",), venue="FXCM"),),
        strategies=(StrategyConfig(use="ema_cross"),),
    )
    result = run_backtest(Home.create(home), changed(config, telemetry=how), Unwatched(), new=True)
    return result.run, result.ticks_per_s


def recorded(home: Path, run: str, scratch: Path, how: How) -> tuple[float, int]:
    """The cell of a run once more, without ClickHouse; ticks a second, and spans."""
    log = SqliteMarketLog(home / "market")
    config = load_config(Home.existing(home).run_dir(run).config)
    spec = RunSpec(config=config, sources=tuple(log.sources()))
    cell = replace(wire(spec, known_instruments(log, spec)), run="alone")
    folder = Path(mkdtemp(dir=scratch))
    journal: Journal = SqliteJournal(folder / "journal", Durability.PROCESS_CRASH)
    spans = 0
    began = perf_counter()
    if how is UNSET:
        done = record(cell, journal, market_windows(log, spec), lambda _: None)
    else:
        watched = Watched(cell=cell.identity.cell, run=cell.run)
        with telemetry(how, watched, SpanFile(folder / "spans.jsonl")) as watching:
            observer = watching.observer()
            traced = replace(cell, deciders=observer.deciders(cell.deciders))
            windows = market_windows(log, spec)
            done = record(traced, observer.journal(journal), windows, lambda _: None)
        spans = watching.figures.counts["spans"]
        assert not watching.figures.counts["dropped"]
    return done.rows / (perf_counter() - began), spans


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Ticks a second of the cell and of the whole way, and what is left of them when watched."""
    home, files = scratch / "home", eurusd_files(scratch)
    run, _ = apart(backtested, home, files, UNSET)
    alone, decisions, everything, off, on = [], [], [], [], []
    for _ in range(repetitions):
        alone.append(apart(recorded, home, run, scratch, UNSET)[0])
        decisions.append(apart(recorded, home, run, scratch, DECISIONS)[0])
        everything.append(apart(recorded, home, run, scratch, EVERYTHING)[0])
        off.append(apart(backtested, home, files, UNSET)[1])
        on.append(apart(backtested, home, files, DECISIONS)[1])
    yield _speed("cell alone, nobody watching", alone)
    yield _ratio("cell traced / alone", decisions, alone)
    yield _ratio("cell traced with every chain / alone", everything, alone)
    yield _speed("whole way, nobody watching", off)
    yield _ratio("whole way traced / not", on, off)


def _speed(measured: str, values: list[float]) -> Result:
    return Result(benchmark="tracing", measured=measured, unit="ticks/s", values=tuple(values))


def _ratio(measured: str, watched: list[float], alone: list[float]) -> Result:
    values = tuple(ours / theirs for ours, theirs in zip(watched, alone, strict=True))
    return Result(benchmark="tracing", measured=measured, unit="ratio", values=values)
