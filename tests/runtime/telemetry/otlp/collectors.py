"""A real OpenTelemetry Collector, built from ``infra/collector`` and started on a free port."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import wait_until

FOLDER = Path(__file__).parents[4] / "infra" / "collector"
BUILD_S = 900
"""A first build compiles the Collector; later ones find it in Go's cache."""


@dataclass(frozen=True)
class RunningCollector:
    """Where it listens, and what it has received."""

    endpoint: str
    folder: Path

    def received(self, signal: str) -> list[dict[str, Any]]:
        """The whole lines of ``traces``, ``metrics`` or ``logs`` that it has written so far."""
        text = (self.folder / f"{signal}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def spans(self) -> list[dict[str, Any]]:
        """Every span."""
        return _inner(self.received("traces"), "resourceSpans", "scopeSpans", "spans")

    def metrics(self) -> dict[str, dict[str, Any]]:
        """The last collection of each metric, by name."""
        found = _inner(self.received("metrics"), "resourceMetrics", "scopeMetrics", "metrics")
        return {metric["name"]: metric for metric in found}

    def logs(self) -> list[dict[str, Any]]:
        """Every log line."""
        return _inner(self.received("logs"), "resourceLogs", "scopeLogs", "logRecords")


def _inner(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    for name in names:
        rows = [inner for row in rows for inner in row.get(name, [])]
    return rows


def attributes(of: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a span, a resource or a log line as plain values."""
    return {pair["key"]: next(iter(pair["value"].values())) for pair in of["attributes"]}


def build(folder: Path) -> Path:
    """The program, or a skip where there is no Go to build it with."""
    if shutil.which("go") is None:
        pytest.skip("no Go to build the OpenTelemetry Collector with")
    program = folder / "collector"
    done = subprocess.run(
        ["go", "build", "-o", str(program), "."],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_S,
    )
    assert done.returncode == 0, done.stderr
    return program


@contextmanager
def running(program: Path, folder: Path) -> Iterator[RunningCollector]:
    """A collector for the block, on a port that the system chose."""
    said = folder / "said.txt"
    with said.open("w") as file:
        process = subprocess.Popen(
            [program, "--config", FOLDER / "collector.yaml"],
            env={"WAKELINE_OTLP_ENDPOINT": "127.0.0.1:0", "WAKELINE_OTLP_DIRECTORY": str(folder)},
            stderr=file,
        )
    try:
        wait_until(lambda: "Everything is ready" in said.read_text() or process.poll() is not None)
        address = re.search(r'"endpoint": "(127\.0\.0\.1:\d+)"', said.read_text())
        assert address is not None, said.read_text()
        yield RunningCollector(f"http://{address[1]}", folder)
    finally:
        process.terminate()
        process.wait(timeout=30)
