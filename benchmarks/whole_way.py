"""The whole way beside raw Nautilus: the same ticks, the same averages, the same fills.

Ours begins at the market log and ends when ClickHouse has acknowledged the last row: venue,
strategy, positions, valuation, sizing and risk, every decision in the journal, every event of the
run in a table. Ticks go into their table once, with the first run over a source, which is measured
by itself. What runs before on both sides (starting Python, imports) is in nobody's time; the
database's engine is still starting when our clock does. They take turns, a fresh process and a
fresh run each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter, process_time
from typing import Final

from benchmarks.apart import apart, peak_mb
from benchmarks.markets import eurusd, eurusd_files
from benchmarks.raw_nautilus import Ran, from_arrow, from_catalog, write_files
from benchmarks.result import Result
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from runtime.backtesting import known_instruments, market_windows, run_backtest
from runtime.config import BacktestConfig, RunSpec, StrategyConfig, load_config
from runtime.home import Home
from runtime.outcome import outcome_of
from runtime.recording import record, recorded_steps
from runtime.wiring import wire

TARGET_TICKS_PER_S: Final = 400_000
TARGET_RATIO: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A run of ours; memory is the largest that each process held."""

    ran: Ran
    decision_hash: str
    run: str
    cell_mb: float
    projector_mb: float


class Unwatched:
    """Nobody is told how far it is."""

    def reading(self, source: str, rows: int) -> None:
        """So many rows were read."""

    def running(self, rows: int, of: int) -> None:
        """So many rows were consumed."""

    def projecting(self) -> None:
        """The rest is on its way into ClickHouse."""


def backtested(home: Path, files: Path) -> Recorded:
    """Run the cross once more over the files, which are read into the log the first time only."""
    config = BacktestConfig(
        data=(eurusd(files),),
        strategies=(StrategyConfig(use="ema_cross"),),
    )
    result = run_backtest(Home.create(home), config, Unwatched(), new=True)
    ran = Ran(seconds=result.elapsed_s, ticks=result.ticks, bars=result.bars, fills=result.fills)
    return Recorded(
        ran=ran,
        decision_hash=result.decision_hash,
        run=result.run,
        cell_mb=peak_mb(),
        projector_mb=peak_mb(of_children=True),
    )


def recorded(home: Path, run: str, scratch: Path) -> Ran:
    """The cell of a run once more and without ClickHouse: market log, venue, deciders, journal."""
    log = SqliteMarketLog(home / "market")
    config = load_config(Home.existing(home).run_dir(run).config)
    spec = RunSpec(config=config, sources=tuple(log.sources()))
    backtest = replace(wire(spec, known_instruments(log, spec)), run="alone")
    journal = SqliteJournal(Path(mkdtemp(dir=scratch)) / "journal", Durability.PROCESS_CRASH)
    began, cpu = perf_counter(), process_time()
    done = record(backtest, journal, market_windows(log, spec), lambda _: None)
    seconds, cpu_seconds = perf_counter() - began, process_time() - cpu
    counts = outcome_of(recorded_steps(journal)).counts
    return Ran(
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        ticks=done.rows,
        bars=counts["bars"],
        fills=counts["fills"],
    )


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Ticks a second of all three, and ours as a fraction of each of the others, pair by pair."""
    home, peers, files = scratch / "home", scratch / "peers", eurusd_files(scratch)
    first = apart(backtested, home, files)
    apart(write_files, home / "market", peers)
    ours, cell, catalog, arrow = [], [], [], []
    for _ in range(repetitions):
        ours.append(apart(backtested, home, files).ran)
        cell.append(apart(recorded, home, first.run, scratch))
        catalog.append(apart(from_catalog, peers))
        arrow.append(apart(from_arrow, peers))
    assert len({(ran.ticks, ran.bars, ran.fills) for ran in (*ours, *cell, *catalog, *arrow)}) == 1
    yield _speed("whole way, log to ClickHouse", ours, TARGET_TICKS_PER_S)
    yield _speed("whole way, first run: ticks to ClickHouse too", [first.ran])
    yield _speed("raw Nautilus, Parquet catalog and node", catalog)
    yield _speed("raw Nautilus, Arrow file and engine", arrow)
    yield _ratio("whole way / raw with Parquet catalog", ours, catalog)
    yield _ratio("whole way / raw with Arrow file", ours, arrow)
    # Processor time is what a machine with other work on it can still say.
    yield _per_cpu("cell alone", cell)
    yield _per_cpu("raw Nautilus, Parquet catalog and node", catalog)
    yield _per_cpu("raw Nautilus, Arrow file and engine", arrow)


def _speed(measured: str, runs: list[Ran], target: float | None = None) -> Result:
    return Result(
        benchmark="backtest",
        measured=measured,
        unit="ticks/s",
        values=tuple(run.ticks / run.seconds for run in runs),
        target=target,
    )


def _per_cpu(measured: str, runs: list[Ran]) -> Result:
    return Result(
        benchmark="backtest",
        measured=measured,
        unit="ticks/cpu s",
        values=tuple(run.ticks / run.cpu_seconds for run in runs),
    )


def _ratio(measured: str, ours: list[Ran], theirs: list[Ran]) -> Result:
    pairs = zip(ours, theirs, strict=True)
    return Result(
        benchmark="backtest",
        measured=measured,
        unit="ratio",
        values=tuple(raw.seconds / whole.seconds for whole, raw in pairs),
        target=TARGET_RATIO,
    )
