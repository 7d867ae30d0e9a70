"""One incarnation on Ray, as its supervisor sees it: no question to it is waited for."""

import logging
from contextlib import suppress
from time import monotonic
from typing import Any, Final

import msgspec
import ray
from ray.exceptions import ActorUnavailableError, RayActorError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from runtime.hosts.ray import processes
from runtime.hosts.ray.messages import ProcessName, Told
from runtime.hosts.ray.placement import asked_for, is_bound
from runtime.programs.specs import Assignment
from runtime.supervision.lifecycle import Seen
from runtime.supervision.worker import Report

_log: Final = logging.getLogger("wakeline.ray")

_PLACED_S: Final = 5.0
"""What another node may take to begin with what it is asked for, beyond the doing."""


class RayWorker:
    """An actor, and what it told last. It implements ``Worker``.

    Args:
        actor: the handle of a ``ProgramActor`` that has not begun.
        here: Ray's name of the supervisor's node.
    """

    def __init__(self, actor: Any, assignment: Assignment, interval_s: float, here: str) -> None:
        self._actor: Final = actor
        self._assignment: Final = assignment
        self._interval_s = interval_s
        self._here: Final = here
        self._process: ProcessName | None = None
        self._told = Told()
        self._seen = Seen()
        self._asked_at = monotonic()
        self._call: Any = actor.process.remote()

    @property
    def process(self) -> ProcessName | None:
        """Where it lives; ``None`` before it has a place."""
        return self._process

    def report(self) -> Report:
        if not self._over:
            self._hear()
        return Report(seen=self._seen, status=self._told.status, place=self._place())

    def stop(self, reason: str) -> None:
        if self._process is None:
            self._seen = Seen(ended=self.kill())
            return
        self._actor.stop.remote(reason)
        self._interval_s = 0.0  # Who waits for the end asks without a pause.

    def kill(self) -> bool:
        ray.kill(self._actor, no_restart=True)
        process = self._process
        if process is None:
            return True  # It has not begun, and nobody tells it to any more.
        if process.node == self._here:
            return processes.end(process)
        return self._end_elsewhere(process)

    @property
    def _over(self) -> bool:
        return self._seen.ended or bool(self._seen.error)

    def _place(self) -> str:
        process = self._process
        if process is None:
            return f"waits for {asked_for(self._assignment.program.placement)}"
        there = "" if process.node == self._here else f" of node {process.node[:8]}"
        return f"process {process.pid}{there}"

    def _hear(self) -> None:
        """Take an answer if there is one, and ask again when it is time."""
        if self._call is None:
            if monotonic() - self._asked_at >= self._interval_s:
                self._ask()
            return
        if not ray.wait([self._call], timeout=0)[0]:
            return
        call, self._call = self._call, None
        try:
            answer = ray.get(call)
        except ActorUnavailableError:
            return  # The way to it is broken. It may heal; otherwise the heartbeat's limit comes.
        except RayError as error:
            self._seen = Seen(beat=self._seen.beat, error=_said(error))
            return
        if self._process is None:
            self._begin(msgspec.json.decode(answer, type=ProcessName))
        else:
            self._learn(msgspec.json.decode(answer, type=Told))

    def _begin(self, process: ProcessName) -> None:
        self._process = process
        self._actor.begin.remote(self._assignment.encoded(), self._interval_s)
        self._ask()

    def _ask(self) -> None:
        self._asked_at = monotonic()
        self._call = self._actor.told.remote()

    def _learn(self, told: Told) -> None:
        self._told = told
        age_s = told.beat_age_s
        # Counted from the question, because the answer may have been long on its way.
        beat = None if age_s is None else self._asked_at - age_s
        self._seen = Seen(beat=beat, error=told.error, ended=told.ended)
        if self._over:
            # It has closed what it had open; its process is of no use to anybody.
            ray.kill(self._actor, no_restart=True)

    def _end_elsewhere(self, process: ProcessName) -> bool:
        on_its_node = NodeAffinitySchedulingStrategy(process.node, soft=False)
        task = ray.remote(processes.end).options(
            num_cpus=0, max_retries=0, scheduling_strategy=on_its_node
        )
        with suppress(RayError):
            if ray.get(task.remote(process), timeout=processes.DEATH_S + _PLACED_S):
                return True
        _log.warning(
            "%s: its process %d on node %s cannot be reached",
            self._assignment.program.name,
            process.pid,
            process.node[:8],
        )
        # What it still writes nobody reads, where a newer writer's records say that it is one.
        return not is_bound(self._assignment)


class Stillborn:
    """An incarnation that Ray did not take. It implements ``Worker``."""

    def __init__(self, error: str) -> None:
        self._report: Final = Report(seen=Seen(error=error))

    def report(self) -> Report:
        return self._report

    def stop(self, reason: str) -> None:
        """There is nobody to stop."""

    def kill(self) -> bool:
        return True


def _said(error: RayError) -> str:
    """The part of Ray's message that says what happened, without its guesses and addresses."""
    if not isinstance(error, RayActorError):
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    lines = [line for line in str(error).splitlines() if line.startswith("The actor ")]
    return lines[-1].partition(" Some common causes")[0] if lines else type(error).__name__
