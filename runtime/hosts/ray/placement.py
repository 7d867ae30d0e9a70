"""From a program's placement to what Ray is asked for."""

import os
from collections.abc import Iterable
from math import ceil
from typing import Any, Final

from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from runtime.programs.specs import Assignment, Placement, ProjectorSpec

NODE_LABEL: Final = "wakeline-node"
"""``ray start --labels wakeline-node=NAME`` gives a machine the name that a placement asks for."""


def options(assignment: Assignment, here: str) -> dict[str, Any]:
    """The options of a program's actor.

    Args:
        here: Ray's name of the node on which the home is.
    """
    placement = assignment.program.placement
    asked: dict[str, Any] = {
        "num_cpus": placement.cpus,
        "num_gpus": placement.gpus,
        "resources": dict(placement.resources),
        # Its supervisor starts a program again, so that every start is recorded; and a call that
        # is made twice might be heard twice.
        "max_restarts": 0,
        "max_task_retries": 0,
    }
    if is_bound(assignment):
        asked["scheduling_strategy"] = NodeAffinitySchedulingStrategy(here, soft=False)
    elif placement.node:
        asked["label_selector"] = {NODE_LABEL: placement.node}
    return asked


def is_bound(assignment: Assignment) -> bool:
    """Whether it must run where the home is: for logs in files, or for ClickHouse's directory."""
    in_files = assignment.journal.backend == "sqlite"
    return in_files or isinstance(assignment.program, ProjectorSpec)


def asked_for(placement: Placement) -> str:
    """What a program waits for, for people."""
    amounts = {"cpus": placement.cpus, "gpus": placement.gpus, **placement.resources}
    wanted = [f"{name} {amount:g}" for name, amount in amounts.items() if amount]
    wanted += [f"node {placement.node}"] if placement.node else []
    return ", ".join(wanted) or "a process"


def local_cpus(placements: Iterable[Placement]) -> int:
    """Logical processors with which a cluster of our own holds all programs."""
    return max(os.cpu_count() or 1, ceil(sum(placement.cpus for placement in placements)))
