"""How long a person waits for short commands, as whole processes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.apart import apart
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import backtested

_COMMAND: Final = (sys.executable, "-c", "from runtime.cli.main import main; main()")


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """``--help``, and ``why`` about an order of a run over a week of ticks."""
    home = scratch / "home"
    run = apart(backtested, home, eurusd_files(scratch)).run
    times = max(repetitions, 10)
    yield _result("wakeline --help", _timed(("--help",), times), 0.3)
    about = ("--run", run, "--home", str(home))
    answer = subprocess.run((*_COMMAND, "why", *about, "--json"), check=True, capture_output=True)
    order: str = json.loads(answer.stdout)["id"]
    yield _result("wakeline why ORDER", _timed(("why", order, *about), times), 0.2)
    yield _result("wakeline why, finding the last order", _timed(("why", *about), times), 0.2)


def _timed(arguments: tuple[str, ...], times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        began = perf_counter()
        subprocess.run((*_COMMAND, *arguments), check=True, stdout=subprocess.DEVNULL)
        seconds.append(perf_counter() - began)
    return seconds


def _result(measured: str, seconds: list[float], target: float) -> Result:
    return Result(
        benchmark="startup", measured=measured, unit="s", values=tuple(seconds), target=target
    )
