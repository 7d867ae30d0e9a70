"""How fast files become a source of the market log: parsing, checking, recording, and writing to
SQLite.

Run it as ``python -m benchmarks.ingest``; ``--json`` prints one object. It reads the real tick
files beside the checkout where they are, and otherwise copies of the shipped day.
"""

import argparse
import json
import statistics
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from actors.feeds.files import ingest
from actors.feeds.summary import IngestSummary
from actors.feeds.survey import FileSet, Wanted, survey
from events.backends.sqlite.market_log import SqliteMarketLog

ROOT: Final = Path(__file__).parents[1]
SHIPPED: Final = ROOT / "runtime/samples/lean/forex/fxcm/tick/eurusd/20140501_quote.zip"
SHARED: Final = ROOT.parent / "shared" / "data"
SETS: Final = {
    "EUR/USD quotes, a tenth of them crossed (LEAN, FXCM)": "lean/forex/fxcm/tick/eurusd",
    "SPY trades (LEAN)": "lean/equity/usa/tick/spy",
    "XAU/USD quotes (LEAN, Oanda)": "lean/cfd/oanda/tick/xauusd",
    "EUR/USD quotes (Dukascopy)": "dukascopy/dukascopy-node/EURUSD/2019/01/04",
}
COPIES: Final = 8


@dataclass(frozen=True, slots=True)
class Speed:
    """What one set of files took.

    Attributes:
        rows_per_s: by the wall clock; rows_per_cpu_s: by the processor's.
        block_ms_p50, block_ms_p99: from one report of progress to the next.
    """

    name: str
    rows: int
    refused: int
    rows_per_s: int
    rows_per_cpu_s: int
    block_ms_p50: float
    block_ms_p99: float


def measured(name: str, files: FileSet, home: Path) -> Speed:
    """Ingest once into an empty home."""
    moments = [perf_counter()]

    def note(_: IngestSummary) -> None:
        moments.append(perf_counter())

    cpu = process_time()
    summary = ingest(SqliteMarketLog(home), files, progress=note)
    elapsed, cpu = perf_counter() - moments[0], process_time() - cpu
    steps = [1000 * (b - a) for a, b in pairwise(moments)]
    centiles = (
        statistics.quantiles(steps, n=100, method="inclusive") if len(steps) > 1 else steps * 99
    )
    return Speed(
        name=name,
        rows=summary.rows_read,
        refused=summary.rows_refused,
        rows_per_s=round(summary.rows_read / elapsed),
        rows_per_cpu_s=round(summary.rows_read / cpu),
        block_ms_p50=round(centiles[49], 2),
        block_ms_p99=round(centiles[98], 2),
    )


def sets(scratch: Path) -> dict[str, FileSet]:
    """The largest stream of each set of files."""
    places = {name: SHARED / path for name, path in SETS.items() if (SHARED / path).exists()}
    if not places:
        places = {f"EUR/USD quotes, the shipped day {COPIES} times": copies(scratch)}
    streams = {name: survey([place], Wanted()) for name, place in places.items()}
    return {name: max(found, key=lambda files: len(files.parts)) for name, found in streams.items()}


def copies(scratch: Path) -> Path:
    """The shipped day under several dates."""
    folder = scratch / "forex/fxcm/tick/eurusd"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(SHIPPED) as archive:
        ticks = archive.read(archive.namelist()[0])
    for day in range(1, COPIES + 1):
        date = f"201405{day:02d}"
        with zipfile.ZipFile(folder / f"{date}_quote.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{date}_eurusd_tick_quote.csv", ticks)
    return folder


def main() -> None:
    """Measure each set three times and print the median by speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    speeds = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, files in sets(Path(scratch) / "files").items():
            runs = [measured(name, files, Path(tempfile.mkdtemp(dir=scratch))) for _ in range(3)]
            speeds.append(sorted(runs, key=lambda speed: speed.rows_per_s)[1])
    if as_json:
        print(json.dumps({"ingest": [asdict(speed) for speed in speeds]}))
        return
    for speed in speeds:
        print(
            f"{speed.name}: {speed.rows:,} rows, {speed.rows_per_s:,} rows/s"
            f" ({speed.rows_per_cpu_s:,} per CPU second), block p50 {speed.block_ms_p50} ms,"
            f" p99 {speed.block_ms_p99} ms, {speed.refused:,} refused"
        )


if __name__ == "__main__":
    main()
