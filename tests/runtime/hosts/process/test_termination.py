"""A process of ours that somebody else asks to end."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.hosts.process.host import ProcessHost
from runtime.supervision.lifecycle import Phase
from tests.runtime.hosts.systems import CARE, INTERVAL_MS, System, home_at, topology
from tests.runtime.programs.days import hash_of_backtest

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]


@pytest.fixture
def host() -> Iterator[ProcessHost]:
    made = ProcessHost(INTERVAL_MS)
    yield made
    made.close()


def test_a_process_that_is_terminated_ends_in_order_and_stays_away(
    host: ProcessHost, tmp_path: Path
) -> None:
    system = System(home_at(tmp_path / "home"), host, topology(pace=480), CARE)
    system.supervisor.launch()
    system.turned_until(lambda: system.step_count() > 20)
    os.kill(system.pid("paper"), signal.SIGTERM)
    system.turned_until(lambda: system.actor("paper").phase is Phase.STOPPED)
    last = system.steps()[-1].input.payload
    assert (last.KIND, last.reason) == ("cell.stopped", "terminated")  # type: ignore[attr-defined]
    system.supervisor.restart("paper")
    assert system.supervisor.run(0.005) == "finished"
    assert system.decision_hash() == hash_of_backtest()
