"""Programs as actors of a Ray cluster, and beside it as processes where a placement says so."""

from time import sleep
from typing import Final

import ray
from ray.exceptions import RayError

from runtime.hosts.process.host import ProcessHost
from runtime.hosts.ray.actor import ProgramActor
from runtime.hosts.ray.cluster import connect, disconnect
from runtime.hosts.ray.config import RayConfig
from runtime.hosts.ray.placement import options
from runtime.hosts.ray.worker import RayWorker, Stillborn
from runtime.programs.specs import Assignment
from runtime.supervision.worker import Worker


class RayHost:
    """It implements ``Host``. Programs that are not placed on Ray are processes of this machine.

    Args:
        interval_ms: how often an actor is asked how it is.
        cpus: logical processors of a cluster of our own.

    Raises:
        UserError: the cluster cannot be reached.
    """

    def __init__(self, config: RayConfig, interval_ms: int, cpus: int) -> None:
        self._is_ours: Final = connect(config, config.cpus or cpus)
        self._interval_s: Final = interval_ms / 1000
        self._here: Final = ray.get_runtime_context().get_node_id()
        self._actors: Final = ray.remote(ProgramActor)
        self._processes: Final = ProcessHost(interval_ms)
        self._workers: Final[list[RayWorker]] = []

    def launch(self, assignment: Assignment) -> Worker:
        if assignment.program.placement.host == "process":
            return self._processes.launch(assignment)
        try:
            actor = self._actors.options(**options(assignment, self._here)).remote()
            worker = RayWorker(actor, assignment, self._interval_s, self._here)
        except RayError as error:
            return Stillborn(f"Ray: {error}")
        self._workers.append(worker)
        return worker

    def wait(self, seconds: float) -> None:
        sleep(seconds)

    def close(self) -> None:
        self._processes.close()
        for worker in self._workers:
            worker.kill()
        if self._is_ours:
            disconnect()
