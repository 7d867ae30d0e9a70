"""What a supervisor is told of an actor."""

import os
import signal
from pathlib import Path

import msgspec
import pytest

from runtime.home import Home
from runtime.hosts.ray.config import RayConfig
from runtime.hosts.ray.host import RayHost
from runtime.hosts.ray.worker import RayWorker
from runtime.programs.specs import Placement
from tests.runtime.hosts.ray.test_placement import assignment
from tests.runtime.hosts.systems import INTERVAL_MS
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]


def test_a_death_is_one_line_and_ray_prints_none(
    local_ray: RayConfig, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    host = RayHost(local_ray, INTERVAL_MS, cpus=8)
    home = str(Home.create(tmp_path / "home").path)
    worker = host.launch(msgspec.structs.replace(assignment(Placement()), home=home))
    assert isinstance(worker, RayWorker)
    wait_until(lambda: worker.report().seen.beat is not None)
    assert worker.process is not None
    os.kill(worker.process.pid, signal.SIGKILL)
    wait_until(lambda: bool(worker.report().seen.error))
    assert worker.report().seen.error.startswith(
        "The actor is dead because its worker process has died."
    )
    assert "\n" not in worker.report().seen.error
    host.close()
    assert capfd.readouterr() == ("", "")
