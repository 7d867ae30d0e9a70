"""A full disk: the same command, given room, goes on to the same decisions.

A limit on the size of files stands for the disk; it needs no rights and hits one writer at a time.
"""

import pytest

from runtime.home import Home
from tests.acceptance.audit import check_journal, check_tables
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.processes import processes_about
from tests.acceptance.program import BACKTEST, EURUSD, TICKS, Wakeline
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("acceptance"), pytest.mark.timeout(600)]


def with_room_for(program: Wakeline, file_bytes: int) -> Wakeline:
    """The program where no file can become larger than that."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({file_bytes},) * 2); "
    return Wakeline(program.home, program.environment, preamble=limit, measured=False)


def test_a_backtest_without_room_for_ticks_or_journal_goes_on_when_there_is_room(
    wakeline: Wakeline, undisturbed: Undisturbed
) -> None:
    assert (
        "/market/fxcm-eurusd-quotes-" in with_room_for(wakeline, 500_000).run(*BACKTEST).complaint
    )
    wakeline.ask("ingest", str(TICKS), *EURUSD)
    for file_bytes in (400_000, 1_000_000):
        complaint = with_room_for(wakeline, file_bytes).run(*BACKTEST).complaint
        assert "/journal.sqlite: " in complaint or "clickhouse: " in complaint
        wait_until(lambda: not processes_about(wakeline.home))
    answer = wakeline.backtest()
    assert answer["decision_hash"] == undisturbed.result["decision_hash"]
    (run,) = Home(wakeline.home).runs()
    check_tables(wakeline, run.run, check_journal(wakeline, run.run))
