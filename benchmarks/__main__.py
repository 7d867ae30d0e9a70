"""Every benchmark, in one table: ``python -m benchmarks [--only NAME] [--json] [--rounds N]``."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks import (
    charts,
    deciding,
    gateways,
    hosts,
    kafka,
    logs,
    long_day,
    memory,
    patterns,
    stages,
    startup,
    tracing,
    whole_way,
)
from benchmarks.result import Result, as_json, table

type Benchmark = Callable[[Path, int], Iterator[Result]]

BENCHMARKS: Final[dict[str, Benchmark]] = {
    "backtest": whole_way.results,
    "ingest": stages.ingesting,
    "venue": stages.trading,
    "projection": stages.projecting,
    "logs": logs.results,
    "deciding": deciding.results,
    "kafka": kafka.results,
    "hosts": hosts.results,
    "startup": startup.results,
    "charts": charts.results,
    "memory": memory.results,
    "day": long_day.results,
    "tracing": tracing.results,
    "patterns": patterns.results,
    "gateways": gateways.results,
}


def main() -> None:
    """Measure what was asked for, each benchmark in a scratch folder of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(BENCHMARKS), metavar="NAME")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of each measurement")
    parser.add_argument("--json", action="store_true", help="print one JSON array, with all values")
    given = parser.parse_args()
    results: list[Result] = []
    for name in given.only or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            results += BENCHMARKS[name](Path(scratch), given.rounds)
    print(as_json(results) if given.json else table(results))


if __name__ == "__main__":
    main()
