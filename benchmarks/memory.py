"""Memory of a long backtest: ten million ticks from files to ClickHouse."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.apart import apart
from benchmarks.markets import SHIPPED, WEEK, eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import backtested

TICKS: Final = 10_000_000
TARGET_MB: Final = 1536
TICKS_A_WEEK: Final = 513_935
TICKS_A_SHIPPED_DAY: Final = 40_000


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Peak resident memory of the cell, of the projector, and of both; once, because it is long."""
    del repetitions
    once = TICKS_A_WEEK if WEEK.exists() else TICKS_A_SHIPPED_DAY
    assert SHIPPED.exists()
    run = apart(backtested, scratch / "home", eurusd_files(scratch, -(-TICKS // once)))
    figures = {
        "cell: ingest, venue, deciders, journal": run.cell_mb,
        "projector: ClickHouse": run.projector_mb,
        "both peaks together": run.cell_mb + run.projector_mb,
    }
    for name, peak in figures.items():
        yield Result(
            benchmark="memory",
            measured=f"{run.ran.ticks / 1e6:.1f} M ticks, {name}",
            unit="MB",
            values=(peak,),
            target=TARGET_MB,
        )
    yield Result(
        benchmark="memory",
        measured=f"{run.ran.ticks / 1e6:.1f} M ticks, whole way",
        unit="ticks/s",
        values=(run.ran.ticks / run.ran.seconds,),
    )
