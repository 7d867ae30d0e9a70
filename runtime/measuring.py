"""Measures this machine: what ``runtime.hardware`` decides on, and which engines are installed."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from runtime.hardware import Gpu, Hardware
from schemas.cell import CellLive
from schemas.envelope import Event, Step

ENGINES: Final = ("nautilus_trader", "chdb-core", "clickhouse-connect", "pyarrow", "msgspec")

_WRITE_BYTES: Final = 64 * 1024**2
_COMMITS: Final = 25
_CGROUP: Final = Path("/sys/fs/cgroup")
_MIB: Final = 1024**2


def measure(directory: Path) -> Hardware:
    """Measure the machine, and its disk where ``directory`` lies; takes about a second."""
    with tempfile.TemporaryDirectory(prefix=".doctor-", dir=directory) as scratch:
        return Hardware(
            cores=available_cores(),
            memory_bytes=available_memory(),
            gpus=graphics_cards(),
            write_mb_s=_write_throughput(Path(scratch)),
            commit_ms=_commit_latency(Path(scratch)),
        )


def engine_versions() -> dict[str, str]:
    """The installed version of each engine, or ``missing``."""
    return {engine: _version(engine) for engine in ENGINES}


def available_cores() -> int:
    """Cores that this process may use, a container's quota taken into account."""
    allowed = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    quota, _, period = _read(_CGROUP / "cpu.max").partition(" ")
    return max(1, min(allowed, int(quota) // int(period))) if quota.isdecimal() else allowed


def available_memory() -> int:
    """Bytes of memory, a container's limit taken into account."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _read(_CGROUP / "memory.max")
    return min(physical, int(limit)) if limit.isdecimal() else physical


def graphics_cards() -> tuple[Gpu, ...]:
    """What ``nvidia-smi`` lists; nothing where there is no such program or no driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    query = [program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    listing = subprocess.run(query, capture_output=True, text=True, check=False, timeout=20)
    return parse_graphics_cards(listing.stdout) if listing.returncode == 0 else ()


def parse_graphics_cards(listing: str) -> tuple[Gpu, ...]:
    """The cards of an ``nvidia-smi`` listing of names and memory in MiB; others are left out."""
    rows = (line.rpartition(",") for line in listing.splitlines())
    return tuple(
        Gpu(name=name.strip(), memory_bytes=int(memory) * _MIB)
        for name, _, memory in rows
        if memory.strip().isdecimal()
    )


def _write_throughput(directory: Path) -> float:
    block = os.urandom(_MIB)
    started = time.perf_counter()
    with (directory / "block").open("wb") as file:
        for _ in range(_WRITE_BYTES // _MIB):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return _WRITE_BYTES / 1e6 / (time.perf_counter() - started)


def _commit_latency(directory: Path) -> float:
    elapsed_ms: list[float] = []
    with SqliteJournal(directory / "journal.sqlite", Durability.POWER_CUT).open() as writer:
        for seq in range(_COMMITS):
            step = _step(seq, writer.head.prev_hash)
            started = time.perf_counter()
            writer.append(step)
            writer.flush()
            elapsed_ms.append((time.perf_counter() - started) * 1e3)
    return statistics.median(elapsed_ms)


def _step(seq: int, prev_hash: str) -> Step:
    name = f"doctor/{seq}"
    said = Event(
        id=name,
        author="doctor",
        cause=name,
        correlation=name,
        ts=seq,
        ts_recorded=seq,
        payload=CellLive(recovered_steps=seq),
    )
    return Step(
        cell="doctor",
        run="doctor",
        seq=seq,
        epoch=1,
        prev_hash=prev_hash,
        ts=seq,
        ts_recorded=seq,
        slices=(),
        input=said,
        outputs=(),
    )


def _version(engine: str) -> str:
    try:
        return version(engine)
    except PackageNotFoundError:
        return "missing"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
