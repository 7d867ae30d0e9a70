"""The two logs in SQLite by themselves, on the steps and ticks of a real run."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.apart import apart
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import backtested
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.codecs.json import decode_step
from runtime.home import Home
from schemas.envelope import Step

STEPS_A_COMMIT: Final = 1_000


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Steps a second into and out of a journal, ticks a second into and out of a market log."""
    home = Home.create(scratch / "home")
    run = apart(backtested, home.path, eurusd_files(scratch)).run
    recorded = SqliteJournal(home.run_dir(run).journal)
    steps = [decode_step(record.body) for record in recorded.records()]
    market = SqliteMarketLog(home.market)
    (source,) = market.sources()
    ticks = market.end(source)
    folders = iter(scratch / f"copy-{number}" for number in range(2 * repetitions))

    def rate(benchmark: str, measured: str, unit: str, done: Callable[[], int]) -> Result:
        values = tuple(_rate(done) for _ in range(repetitions))
        return Result(benchmark=benchmark, measured=measured, unit=unit, values=values)

    yield rate("journal", "append and commit", "steps/s", lambda: _write(next(folders), steps))
    yield rate("journal", "read and decode", "steps/s", lambda: _count(recorded))
    yield rate(
        "market_log", "append and commit", "ticks/s", lambda: _copy(market, source, next(folders))
    )
    yield rate(
        "market_log", "read", "ticks/s", lambda: ticks if _rows(market, source) == ticks else 0
    )


def _rate(done: Callable[[], int]) -> float:
    began = perf_counter()
    count = done()
    return count / (perf_counter() - began)


def _write(folder: Path, steps: Iterable[Step]) -> int:
    with SqliteJournal(folder / "journal.sqlite", Durability.PROCESS_CRASH).open() as writer:
        for count, step in enumerate(steps, 1):
            writer.append(step)
            if count % STEPS_A_COMMIT == 0:
                writer.flush()
        return writer.head.next_seq


def _count(journal: SqliteJournal) -> int:
    return sum(decode_step(record.body).seq >= 0 for record in journal.records())


def _copy(market: SqliteMarketLog, source: str, folder: Path) -> int:
    copy = SqliteMarketLog(folder, Durability.PROCESS_CRASH)
    with copy.open(source) as writer:
        for record in market.read(source):
            writer.append(record.kind, record.terms, record.batch, checkpoint=b"")
        writer.seal()
    return copy.end(source)


def _rows(market: SqliteMarketLog, source: str) -> int:
    return sum(record.rows for record in market.read(source))
