"""How fast the logs reach ClickHouse: market rows from SQLite to a merged table, and steps to rows.

    python -m benchmarks.projection [--rows N] [--steps N] [--json]

Ticks are a random walk of whole points in the file format of the market log, records of 4,096 rows.
Every figure is one projector in one process, from its first read to its last acknowledged insert.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa

from events.backends.memory.journal import MemoryJournal
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import LAYOUTS, TIME, BatchKind, Terms
from events.journal import Journal
from projections.layout import prepare
from projections.projector import Progress, Projector
from projections.readback import read_back
from projections.store.chdb import ChdbStore
from projections.store.port import Store
from schemas.envelope import AnyEvent, Event, Slice, Step
from schemas.market import Bar, PriceType
from schemas.quantities import SECOND_NS, from_mantissa
from schemas.registry import Payload
from schemas.signal import SignalRaised

SOURCE: Final = "walk"
RECORD_ROWS: Final = 4_096
START_NS: Final = 1_400_000_000 * SECOND_NS


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        ticks_per_s: market log to ClickHouse; ticks_per_cpu_s: the same over the processor's time.
        bytes_per_tick: on disk, in ClickHouse.
        steps_per_s, rows_per_s: journal to ClickHouse, two events and a slice a step.
        bars_s: one-minute bars of all ticks, asked for once.
        read_back_per_s: ticks from ClickHouse as market records.
    """

    ticks: int
    steps: int
    ticks_per_s: float
    ticks_per_cpu_s: float
    bytes_per_tick: float
    steps_per_s: float
    rows_per_s: float
    bars_s: float
    read_back_per_s: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="market log and journal to ClickHouse")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(Path(scratch), options.rows, options.steps)
    values = msgspec.structs.asdict(figures)
    if options.json:
        print(json.dumps(values))
        return
    for name, value in values.items():
        print(f"{name:>16} {value:>14,.2f}")


def measure(directory: Path, rows: int, steps: int) -> Figures:
    """Write logs of that size under a directory, project and question them."""
    log = SqliteMarketLog(directory / "market")
    journal = SqliteJournal(directory / "journal.sqlite")
    _write_ticks(log, rows)
    _write_steps(journal, steps)
    with ChdbStore(directory / "clickhouse") as store:
        prepare(store)
        wall, cpu = time.perf_counter(), time.process_time()
        _project(store, log, MemoryJournal(), SOURCE)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        journal_s = time.perf_counter()
        progress = _project(store, log, journal)
        journal_s = time.perf_counter() - journal_s
        return Figures(
            ticks=rows,
            steps=steps,
            ticks_per_s=rows / wall,
            ticks_per_cpu_s=rows / cpu,
            bytes_per_tick=_bytes_per_tick(store),
            steps_per_s=steps / journal_s,
            rows_per_s=progress.rows / journal_s,
            bars_s=_bars_s(store),
            read_back_per_s=rows / _read_back_s(store, rows),
        )


def _project(store: Store, log: SqliteMarketLog, journal: Journal, *sources: str) -> Progress:
    return Projector(store, log, journal, "run", sources=sources).run(until=lambda: True)


def _bytes_per_tick(store: Store) -> float:
    ((size,),) = store.query(
        "SELECT sum(bytes_on_disk) / sum(rows) FROM system.parts"
        " WHERE active AND database = currentDatabase() AND table = 'stored_quotes'"
    ).rows
    return float(str(size))


def _bars_s(store: Store) -> float:
    start = time.perf_counter()
    store.query("SELECT count(), sum(ticks) FROM bars_1m WHERE price_type = 'mid'")
    return time.perf_counter() - start


def _read_back_s(store: Store, rows: int) -> float:
    start = time.perf_counter()
    read = sum(record.rows for record in read_back(store, SOURCE))
    assert read == rows, f"{read} of {rows} ticks were read back"
    return time.perf_counter() - start


def _write_ticks(log: SqliteMarketLog, rows: int) -> None:
    chance = np.random.default_rng(7)
    bids = 110_000 + np.cumsum(chance.integers(-1, 2, rows))
    times = START_NS + np.cumsum(chance.integers(1, 1_000, rows)) * 1_000_000
    spreads = chance.integers(1, 4, rows)
    terms = Terms(instrument="EUR/USD.WALK", price_precision=5)
    with log.open(SOURCE) as writer:
        for first in range(0, rows, RECORD_ROWS):
            part = slice(first, first + RECORD_ROWS)
            when = pa.array(times[part]).cast(TIME)
            bid, ask = pa.array(bids[part]), pa.array(bids[part] + spreads[part])
            size = pa.array(np.full(len(bid), 1_000_000))
            batch = pa.RecordBatch.from_arrays(
                [when, when, bid, ask, size, size], schema=LAYOUTS[BatchKind.QUOTES]
            )
            writer.append(BatchKind.QUOTES, terms, batch, checkpoint=b"")
        writer.seal()


def _write_steps(journal: SqliteJournal, steps: int) -> None:
    with journal.open() as writer:
        for seq in range(steps):
            writer.append(_step(seq, writer.head.prev_hash))


def _step(seq: int, prev_hash: str) -> Step:
    ts = START_NS + seq * 60 * SECOND_NS
    price = from_mantissa(110_000 + seq % 100, 5)
    bar = Bar(
        instrument="EUR/USD.WALK",
        interval="1m",
        price_type=PriceType.BID,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=price,
        ts_open=ts - 60 * SECOND_NS,
        ts_close=ts,
    )
    signal = SignalRaised(instrument=bar.instrument, direction="long", reason={"close": 1.1})
    return Step(
        cell="walk",
        run="run",
        seq=seq,
        epoch=1,
        prev_hash=prev_hash,
        ts=ts,
        ts_recorded=ts,
        slices=(Slice(SOURCE, seq, seq),),
        input=_event(f"bar {seq}", f"bar {seq}", ts, bar),
        outputs=(_event(f"signal {seq}", f"bar {seq}", ts, signal),),
    )


def _event(name: str, cause: str, ts: int, payload: Payload) -> AnyEvent:
    return Event(
        id=name,
        author="walker",
        cause=cause,
        correlation=cause,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


if __name__ == "__main__":
    main()
