"""kill -9 at any moment, and the same command again: nothing lost, nothing doubled, the same hash.

Moments are stages seen on disk, and fractions of an undisturbed run's duration drawn by seed.
"""

import subprocess
from collections.abc import Callable, Iterator
from random import Random
from time import monotonic

import msgspec
import pytest

from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from runtime.history import summary_of
from runtime.home import Home, RunDirectory
from tests.acceptance.audit import check_journal, check_tables, decision_hash_of
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.processes import Victim, after, is_there, kill, processes_about, wait_for
from tests.acceptance.program import BACKTEST, SAMPLES, TICKS, Answer, Wakeline
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("acceptance"), pytest.mark.timeout(900)]

KILLS = {Victim.GROUP: 4, Victim.PARENT: 4, Victim.PROJECTOR: 3}
FIGURES = ("ticks", "bars", "signals", "orders", "vetoes", "fills", "pnl", "max_drawdown")
INGEST = ("ingest", *(str(SAMPLES / "lean" / kind) for kind in ("forex", "crypto", "equity")))

type Moment = Callable[[], bool]


def stages(program: Wakeline) -> Iterator[Moment]:
    """While files are read; while the run is recorded; while the rest goes into ClickHouse."""
    home = Home(program.home)
    yield lambda: any(home.market.glob("*.sqlite*"))
    yield lambda: any(SqliteJournal(each.journal).end() > 500 for each in home.runs())
    yield lambda: any(summary_of(each).state == "finished" for each in home.runs())


def moments(program: Wakeline, victim: Victim, duration_s: float) -> Iterator[Moment]:
    """When to kill; asked for one by one, as the process to be killed has just been started."""
    reading, recording, projecting = stages(program)
    # Without its projector a run goes on to the end of its journal, which has one such end.
    yield from (projecting,) if victim is Victim.PROJECTOR else (reading, recording, projecting)
    chance = Random(victim)
    for _ in range(KILLS[victim]):
        yield after(chance.uniform(0.1, 0.8) * duration_s)


def finished_runs(program: Wakeline) -> list[RunDirectory]:
    return [run for run in Home(program.home).runs() if run.result.exists()]


def killed(process: subprocess.Popen[str], moment: Moment, victim: Victim) -> bool:
    with process:
        reached = wait_for(process, lambda: moment() and is_there(process, victim))
        return reached and kill(process, victim)


def killed_until_finished(program: Wakeline, victim: Victim, duration_s: float) -> int:
    """Run the same command again and again; how often somebody was killed until it had finished."""
    kills = 0
    process = program.start(*BACKTEST)
    for moment in moments(program, victim, duration_s):
        kills += killed(process, moment, victim)
        if finished_runs(program):
            return kills
        process = program.start(*BACKTEST)
    with process:
        process.communicate()
    return kills


@pytest.mark.parametrize("victim", list(Victim))
def test_a_backtest_goes_on_after_any_kill(
    wakeline: Wakeline, undisturbed: Undisturbed, victim: Victim
) -> None:
    kills = killed_until_finished(wakeline, victim, undisturbed.duration_s)
    assert kills >= 2
    wait_until(lambda: not processes_about(wakeline.home))
    (finished,) = Home(wakeline.home).runs()
    result = msgspec.json.decode(finished.result.read_bytes(), type=dict[str, object])
    assert {key: result[key] for key in FIGURES} == {
        key: undisturbed.result[key] for key in FIGURES
    }
    steps = check_journal(wakeline, finished.run)
    assert len({step.epoch for step in steps}) > 1, "it never went on with what was recorded"
    assert result["decision_hash"] == undisturbed.result["decision_hash"]
    assert decision_hash_of(steps) == undisturbed.result["decision_hash"]
    check_tables(wakeline, finished.run, steps)


def recorded_market(program: Wakeline) -> dict[str, list[tuple[int, str, list[dict[str, object]]]]]:
    log = SqliteMarketLog(Home(program.home).market)
    return {
        source: [
            (record.first, record.kind, record.batch.to_pylist()) for record in log.read(source)
        ]
        for source in log.sources()
    }


def test_an_ingest_goes_on_after_any_kill(
    wakeline: Wakeline, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = Wakeline(tmp_path_factory.mktemp("whole") / "home")
    began = monotonic()
    expected = whole.ask(*INGEST, str(TICKS))
    duration_s = monotonic() - began
    chance = Random("ingest")
    for _ in range(6):
        process = wakeline.start(*INGEST, str(TICKS))
        killed(process, after(chance.uniform(0.3, 0.95) * duration_s), Victim.GROUP)
    answer: Answer = wakeline.ask(*INGEST, str(TICKS))
    assert answer == expected
    assert answer["rows_refused"]
    assert recorded_market(wakeline) == recorded_market(whole)
