"""Stages of the whole way by themselves: files in, the venue, the projector."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import ingest, projection, venue
from benchmarks.apart import apart
from benchmarks.result import Result

TARGET_ROWS_PER_S: Final = 500_000


def ingesting(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Real files, parsed, checked and recorded."""
    for name, files in ingest.sets(scratch / "files").items():
        speeds = [
            ingest.measured(name, files, Path(tempfile.mkdtemp(dir=scratch)))
            for _ in range(repetitions)
        ]
        yield Result(
            benchmark="ingest",
            measured=name,
            unit="rows/s",
            values=tuple(float(speed.rows_per_s) for speed in speeds),
            target=TARGET_ROWS_PER_S,
        )


def trading(scratch: Path, repetitions: int) -> Iterator[Result]:
    """The venue beside raw Nautilus, both from numbers in memory, by processor time."""
    del scratch
    ticks, window = 500_000, 4_000
    runs = [
        (apart(venue.ours, ticks, window), apart(venue.raw, ticks, window))
        for _ in range(repetitions)
    ]
    for number, name in enumerate(("NautilusVenue", "raw Nautilus in chunks")):
        speeds = tuple(float(pair[number]["ticks_per_s"]) for pair in runs)
        yield Result(benchmark="venue", measured=name, unit="ticks/cpu s", values=speeds)


def projecting(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Logs into embedded ClickHouse, one projector alone."""
    found = []
    for number in range(repetitions):
        (folder := scratch / f"projection-{number}").mkdir()
        found.append(apart(projection.measure, folder, 1_000_000, 20_000))
    for name, unit, values in (
        ("market log to ClickHouse", "ticks/s", [each.ticks_per_s for each in found]),
        ("journal to ClickHouse", "steps/s", [each.steps_per_s for each in found]),
    ):
        yield Result(benchmark="projection", measured=name, unit=unit, values=tuple(values))
