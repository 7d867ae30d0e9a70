"""kill -9 of a real projector, at any moment, then another one: nothing lost, nothing doubled."""

import random
import subprocess
import sys
import time
from pathlib import Path

from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from projections.store.chdb import ChdbStore
from tests.projections.recorded import (
    RUN,
    SOURCE,
    assert_holds,
    rows_expected,
    write_journal,
    write_market,
)

ROWS, STEPS = 20_000, 1_000
PROGRAM = f"""
import sys
from pathlib import Path
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from projections.projector import Pace, Projector
from projections.store.chdb import ChdbStore

home = Path(sys.argv[1])
with ChdbStore(home / "clickhouse") as store:
    projector = Projector(
        store,
        SqliteMarketLog(home / "market"),
        SqliteJournal(home / "journal.sqlite"),
        {RUN!r},
        sources=({SOURCE!r},),
        pace=Pace(rows_max=500, steps_max=25),
    )
    print("projecting", flush=True)
    projector.run(until=lambda: True)
"""


def project(home: Path, kill_after_s: float | None) -> bool:
    """Run a projector, killed in the middle or left to its end; whether it got there."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "projecting\n"
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.kill()
        return process.wait() == 0


def test_killed_projectors_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    log = SqliteMarketLog(tmp_path / "market")
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    write_market(log, ROWS, batch=512)
    write_journal(journal, STEPS)
    moments = random.Random(1)
    finished = [project(tmp_path, moments.uniform(0.0, 0.25)) for _ in range(6)]
    assert not all(finished), "no projector was killed in the middle"
    assert project(tmp_path, None)
    with ChdbStore(tmp_path / "clickhouse") as store:
        assert_holds(store, rows_expected(log, journal, market_rows=ROWS))
