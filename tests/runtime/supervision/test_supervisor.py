"""The supervisor does what was decided, whatever the host."""

from collections.abc import Callable

import pytest

from runtime.backends import JournalConfig
from runtime.ingesting import DataConfig
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import Assignment, CellSpec, FeedSpec, ProgramSpec, ProjectorSpec
from runtime.supervision.lifecycle import Care, Phase, Seen
from runtime.supervision.order import stopping_order
from runtime.supervision.policy import Heartbeat, RestartPolicy
from runtime.supervision.supervisor import Stopping, Supervisor
from runtime.supervision.worker import Report
from tests.runtime.programs.days import TRADING

CARE = Care(
    heartbeat=Heartbeat(interval_ms=1, timeout_ms=1_000, stop_ms=500),
    restart=RestartPolicy(backoff_min_ms=10, limit=2, window_s=1_000.0),
)
PROGRAMS: tuple[ProgramSpec, ...] = (
    ProjectorSpec(name="projector", cells=(("c", "c-1"),)),
    CellSpec(name="c", run="c-1", sources=("s",), trading=TRADING),
    FeedSpec(name="f", data=DataConfig(paths=("x",))),
)


class FakeWorker:
    """Does as the test says."""

    def __init__(self, host: "FakeHost", spec: ProgramSpec) -> None:
        self._host = host
        self.name = spec.name
        self.seen = Seen(beat=host.now)
        self.stage = Stage.RUNNING
        self.ends = True

    def report(self) -> Report:
        status = ProgramStatus(name=self.name, kind="cell", stage=self.stage)
        return Report(seen=self.seen, status=status)

    def stop(self, reason: str) -> None:
        self._host.calls.append(f"stop {self.name}")
        if self.ends:
            self.seen = Seen(beat=self._host.now, ended=True)

    def kill(self) -> bool:
        self._host.calls.append(f"kill {self.name}")
        return self._host.can_kill


class FakeHost:
    """Keeps the time, and who was launched."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []
        self.workers: dict[str, FakeWorker] = {}
        self.can_kill = True
        self.meanwhile: Callable[[], None] = lambda: None

    def launch(self, assignment: Assignment) -> FakeWorker:
        spec = assignment.program
        self.calls.append(f"launch {spec.name}")
        self.workers[spec.name] = FakeWorker(self, spec)
        return self.workers[spec.name]

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()

    def close(self) -> None:
        pass


def assignments() -> list[Assignment]:
    return [Assignment(program=each, journal=JournalConfig(), home="h") for each in PROGRAMS]


def supervised(care: Care = CARE) -> tuple[FakeHost, Supervisor]:
    host = FakeHost()
    supervisor = Supervisor(host, assignments(), care, lambda: host.now)
    supervisor.launch()
    host.calls.clear()
    return host, supervisor


def test_feeds_stop_before_cells_and_cells_before_the_projector() -> None:
    host, supervisor = supervised()
    supervisor.stop("operator")
    assert host.calls == ["stop f", "stop c", "stop projector"]
    assert list(stopping_order(PROGRAMS)) == [("f",), ("c",), ("projector",)]
    assert {status.phase for status in supervisor.statuses()} == {Phase.STOPPED}


def test_who_does_not_end_in_time_is_killed_and_the_rest_is_stopped() -> None:
    host, supervisor = supervised()
    host.workers["c"].ends = False
    supervisor.stop("operator")
    assert host.calls == ["stop f", "stop c", "kill c", "stop projector"]


def test_a_failed_program_is_replaced_after_its_pause() -> None:
    host, supervisor = supervised()
    host.workers["c"].seen = Seen(error="Broken: why")
    supervisor.look()
    assert host.calls == ["kill c"]
    host.now += 0.02
    supervisor.look()
    assert host.calls == ["kill c", "launch c"]
    (status,) = [each for each in supervisor.statuses() if each.name == "c"]
    assert (status.restarts, status.error) == (1, "Broken: why")


def test_a_program_that_the_host_cannot_kill_is_replaced_only_when_it_is_gone() -> None:
    host, supervisor = supervised()
    host.can_kill = False
    host.now += 2.0
    for _ in range(3):
        for name in ("f", "projector"):
            host.workers[name].seen = Seen(beat=host.now)
        supervisor.look()
        host.now += 0.5
    assert host.calls == ["kill c"]
    (status,) = [each for each in supervisor.statuses() if each.name == "c"]
    assert status.phase is Phase.HANGING
    assert status.error.endswith("this host cannot end it")
    host.can_kill = True
    host.workers["c"].seen = Seen(beat=host.now, gone=True)
    supervisor.look()
    assert host.calls == ["kill c", "kill c", "launch c"]


def test_a_program_that_failed_too_often_is_not_replaced_even_when_it_is_gone() -> None:
    restart = RestartPolicy(limit=0)
    host, supervisor = supervised(Care(heartbeat=CARE.heartbeat, restart=restart))
    host.can_kill = False
    host.workers["c"].seen = Seen(error="Broken: why")
    supervisor.look()
    host.can_kill = True
    host.workers["c"].seen = Seen(error="Broken: why", gone=True)
    supervisor.look()
    assert host.calls == ["kill c"]
    (status,) = [each for each in supervisor.statuses() if each.name == "c"]
    assert status.phase is Phase.DEGRADED


@pytest.mark.parametrize(("on_limit", "outcome"), [("degrade", "stopped"), ("stop", "failed")])
def test_the_policy_says_whether_the_rest_goes_on(on_limit: str, outcome: str) -> None:
    restart = RestartPolicy(limit=0, on_limit=on_limit)  # type: ignore[arg-type]
    host, supervisor = supervised(Care(heartbeat=CARE.heartbeat, restart=restart))
    host.workers["c"].seen = Seen(error="Broken: why")
    looks = 0

    def meanwhile() -> None:
        nonlocal looks
        looks += 1
        if looks == 10:
            supervisor.end("operator")

    host.meanwhile = meanwhile
    assert supervisor.run() == outcome


def test_it_is_finished_when_everybody_is() -> None:
    host, supervisor = supervised()
    for worker in host.workers.values():
        worker.stage = Stage.FINISHED
    assert supervisor.run() == "finished"
    assert host.calls == ["stop f", "stop c", "stop projector"]


def test_a_restart_kills_first() -> None:
    host, supervisor = supervised()
    supervisor.restart("f")
    assert host.calls == ["kill f", "launch f"]
    with pytest.raises(KeyError):
        supervisor.restart("nobody")


def test_nothing_is_begun_while_everything_stops() -> None:
    host, supervisor = supervised()
    host.workers["f"].ends = False

    def meanwhile() -> None:
        with pytest.raises(Stopping, match="c: everything is being stopped"):
            supervisor.restart("c")

    host.meanwhile = meanwhile
    supervisor.stop("operator")
    assert "launch c" not in host.calls
