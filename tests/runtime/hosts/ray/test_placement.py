"""What Ray is asked for, and whether it gives it."""

import os
from typing import Any

import msgspec
import pytest
import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from runtime.backends import JournalConfig
from runtime.hosts.ray.config import RayConfig
from runtime.hosts.ray.host import RayHost
from runtime.hosts.ray.placement import asked_for, local_cpus, options
from runtime.programs.specs import Assignment, Placement, ProgramSpec, ProjectorSpec
from tests.runtime.hosts.systems import INTERVAL_MS
from tests.runtime.programs.days import cell_spec
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]

HERE = "ab" * 28


def assignment(
    placement: Placement, program: ProgramSpec | None = None, backend: str = "memory"
) -> Assignment:
    placed = msgspec.structs.replace(program or cell_spec(), placement=placement)
    journal = msgspec.convert({"backend": backend}, JournalConfig)
    return Assignment(program=placed, journal=journal, home="/nowhere")


def test_a_placement_becomes_resources_and_ray_never_repeats_anything() -> None:
    asked = options(assignment(Placement(cpus=0.5, gpus=0.25, resources={"disk": 1})), HERE)
    assert asked == {
        "num_cpus": 0.5,
        "num_gpus": 0.25,
        "resources": {"disk": 1},
        "max_restarts": 0,
        "max_task_retries": 0,
    }


def test_a_named_node_is_one_with_that_label() -> None:
    asked = options(assignment(Placement(node="gpu-1")), HERE)
    assert asked["label_selector"] == {"wakeline-node": "gpu-1"}
    assert "scheduling_strategy" not in asked


@pytest.mark.parametrize(
    "bound",
    [
        assignment(Placement(), backend="sqlite"),
        assignment(Placement(), ProjectorSpec(name="projector", cells=())),
    ],
    ids=["logs in files", "the directory of ClickHouse"],
)
def test_whoever_works_on_files_stays_where_they_are(bound: Assignment) -> None:
    strategy: Any = options(bound, HERE)["scheduling_strategy"]
    assert isinstance(strategy, NodeAffinitySchedulingStrategy)
    assert (strategy.node_id, strategy.soft) == (HERE, False)


def test_a_cluster_of_our_own_holds_all_programs() -> None:
    assert local_cpus([Placement(cpus=40), Placement(cpus=60.5)]) == 101
    assert local_cpus([Placement(cpus=0)]) == os.cpu_count()


def test_what_no_machine_has_is_waited_for_and_said(local_ray: RayConfig) -> None:
    host = RayHost(local_ray, INTERVAL_MS, cpus=8)
    nowhere = Placement(cpus=1, gpus=2, node="nowhere")
    assert asked_for(nowhere) == "cpus 1, gpus 2, node nowhere"
    worker = host.launch(assignment(nowhere))
    assert worker.report().place == "waits for cpus 1, gpus 2, node nowhere"
    worker.stop("test")
    assert worker.report().seen.ended, "who has not begun need not be waited for"
    host.close()


def test_ray_gives_an_actor_what_was_asked(local_ray: RayConfig) -> None:
    host = RayHost(local_ray, INTERVAL_MS, cpus=8)
    before = ray.available_resources()  # type: ignore[no-untyped-call]
    placed = assignment(Placement(cpus=2, resources={"disk": 0.5}, node="here"))
    worker = host.launch(placed)
    wait_until(lambda: worker.report().place.startswith("process "))

    def taken(name: str) -> float:
        return float(before[name] - ray.available_resources().get(name, 0.0))  # type: ignore[no-untyped-call]

    wait_until(lambda: (taken("CPU"), taken("disk")) == (2.0, 0.5))
    host.close()
    wait_until(lambda: (taken("CPU"), taken("disk")) == (0.0, 0.0))


def test_a_program_may_be_a_process_beside_the_cluster(local_ray: RayConfig) -> None:
    host = RayHost(local_ray, INTERVAL_MS, cpus=8)
    worker = host.launch(assignment(Placement(host="process")))
    assert worker.report().place.startswith("process ")
    assert "node" not in worker.report().place
    host.close()
