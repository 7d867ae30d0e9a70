"""Memory over a day of 5,000 ticks a second: 432 million of them, at whatever speed it runs.

The prices are real quotes of EUR/USD, over and over, 200 microseconds apart. What a strategy that
is always in the market makes of them, on bars of a minute and then of a second, is recorded and
projected as in any backtest. Resident memory is read once a second from the processes that grow if
anything does: the feed that records the ticks, then the cell and its projector with ClickHouse.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from time import monotonic, perf_counter
from typing import Final

import psutil
import pyarrow as pa

from actors.feeds.files import RECORDS_PER_FLUSH
from benchmarks.apart import apart
from benchmarks.markets import eurusd, eurusd_files
from benchmarks.result import Result
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import TIME, BatchKind, MarketRecord
from runtime.backtesting import known_instruments, market_windows
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.home import Home
from runtime.ingesting import ingest_all
from runtime.placing import Logs, place_run
from runtime.projector_process import ProjectorProcess
from runtime.recording import record
from runtime.wiring import wire

TICKS_PER_S: Final = 5_000
TICKS: Final = 24 * 3600 * TICKS_PER_S
GROWTH_MAX: Final = 1.1
"""Flat is what in its last quarter holds at most a tenth more than it did in its second."""

INTERVALS: Final = ("1m", "1s")
"""Of the bars: a few hundred turns of the position a day, and tens of thousands."""

SOURCE: Final = "steady"
_SPACING_NS: Final = 1_000_000_000 // TICKS_PER_S
_SAMPLED_EVERY_S: Final = 1.0
_MB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Resident memory of a process while it worked, in MB, evenly in time."""

    what: str
    mb: tuple[float, ...]

    @property
    def growth(self) -> float:
        """The most that it held in its last quarter, as a multiple of the most in its second."""
        quarter = len(self.mb) // 4
        return max(self.mb[-quarter:]) / max(self.mb[quarter : 2 * quarter])


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A part of the work, and what it took."""

    ticks: int
    steps: int
    seconds: float
    held: tuple[Held, ...]


class _Watch:
    """Reads the memory of this process and of its children, once a second at most."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._due = 0.0
        self.own: list[float] = []
        self.children: list[float] = []

    def look(self) -> None:
        """Note what is held now, if it is time."""
        if monotonic() < self._due:
            return
        self._due = monotonic() + _SAMPLED_EVERY_S
        self.own.append(self._own.memory_info().rss / _MB)
        self.children.append(
            sum(each.memory_info().rss for each in self._own.children(recursive=True)) / _MB
        )


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """How much memory each process holds, and how much more at the end than early; once."""
    del repetitions
    home = scratch / "home"
    fed = apart(feed, home, eurusd_files(scratch), TICKS)
    yield from _told("24 h", fed)
    for interval in INTERVALS:
        traded = apart(trade, home, interval)
        assert traded.ticks == TICKS
        yield from _told(f"24 h, bars of {interval}, {traded.steps:,} steps", traded)


def feed(home: Path, files: Path, ticks: int) -> Day:
    """Record the day."""
    log = SqliteMarketLog(Home.create(home).market)
    real = ingest_all(log, (eurusd(files),), lambda _source, _rows: None, ())[0].source
    watch, began = _Watch(), perf_counter()
    with log.open(SOURCE) as writer:
        steady = _steady(list(log.read(real)), ticks)
        for number, said in enumerate(steady, 1):
            writer.append(said.kind, said.terms, said.batch, checkpoint=b"")
            watch.look()
            if number % RECORDS_PER_FLUSH == 0:
                writer.flush()
        writer.seal()
    held = Held(what="feed", mb=tuple(watch.own))
    return Day(ticks=ticks, steps=0, seconds=perf_counter() - began, held=(held,))


def _told(what: str, day: Day) -> Iterator[Result]:
    for held in day.held:
        yield _result(f"{what}: {held.what}, peak", "MB", max(held.mb))
        yield _result(f"{what}: {held.what}, growth", "growth", held.growth, GROWTH_MAX)
    yield _result(f"{what}, {day.ticks / 1e6:.1f} M ticks", "ticks/s", day.ticks / day.seconds)


def trade(home_path: Path, interval: str) -> Day:
    """Run a strategy over what was recorded, into journal and ClickHouse."""
    home = Home.existing(home_path)
    strategy = StrategyConfig(use="ema_cross", parameters={"interval": interval})
    config = BacktestConfig(data=(), strategies=(strategy,))
    logs = Logs(home, config)
    spec = RunSpec(config=config, sources=(SOURCE,))
    wired = wire(spec, known_instruments(logs.market_log, spec))
    directory, journal = place_run(logs, wired, new=True)
    watch = _Watch()
    with home.held("benchmark"), ProjectorProcess(home) as projector:
        projector.begin(directory.run, spec.sources)
        began = perf_counter()
        market = market_windows(logs.market_log, spec)
        done = record(replace(wired, run=directory.run), journal, market, lambda _: watch.look())
        projected = projector.finish()
        seconds = perf_counter() - began
    assert projected.rows >= done.rows
    return Day(
        ticks=done.rows,
        steps=projected.steps,
        seconds=seconds,
        held=(
            Held(what="cell", mb=tuple(watch.own)),
            Held(what="projector", mb=tuple(watch.children)),
        ),
    )


def _steady(real: list[MarketRecord], ticks: int) -> Iterator[MarketRecord]:
    """What the real source says of its instrument, then its quotes over and over, evenly spaced."""
    told = next(each for each in real if each.kind is BatchKind.FACTS)
    yield told
    ts = told.batch.column("ts_event")[0].value + _SPACING_NS
    left = ticks
    for quotes in cycle([each for each in real if each.kind is BatchKind.QUOTES]):
        taken = quotes.batch.slice(0, left)
        yield replace(quotes, batch=_spaced(taken, ts))
        ts += taken.num_rows * _SPACING_NS
        left -= taken.num_rows
        if not left:
            return


def _spaced(batch: pa.RecordBatch, ts: int) -> pa.RecordBatch:
    times = pa.array(range(ts, ts + batch.num_rows * _SPACING_NS, _SPACING_NS), pa.int64())
    stamps = times.cast(TIME)
    return pa.RecordBatch.from_arrays([stamps, stamps, *batch.columns[2:]], schema=batch.schema)


def _result(measured: str, unit: str, value: float, target: float | None = None) -> Result:
    return Result(benchmark="day", measured=measured, unit=unit, values=(value,), target=target)
