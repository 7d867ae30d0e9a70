"""Learning on several processors or GPUs of a cluster, by Ray Train."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec
import ray
import ray.train
from ray.train import (
    FailureConfig,
    RunConfig,
    ScalingConfig,
    TrainingFailedError,
    WorkerGroupError,
)
from ray.train.torch import TorchTrainer
from ray.util.queue import Empty, Queue

from actors.patterns.labels.walk_forward import Fold
from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.examples import Examples
from actors.patterns.models.fitting_config import Epoch, FitConfig
from actors.patterns.models.learning import Learning, Team
from runtime.files import write_whole
from runtime.hosts.ray.cluster import connect, disconnect
from runtime.hosts.ray.config import RayConfig
from schemas.errors import UserError

_POLL_S: Final = 0.2
_STORE_BYTES: Final = 1 << 28
"""Room beside the examples in the store of a cluster of our own."""

_TRACE: Final = (" ", "Traceback")
"""How lines begin that say where something happened, and not what."""

type Told = Callable[[Epoch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be learned."""

    architecture: FastArchitecture
    examples: Examples
    fold: Fold
    config: FitConfig


def learn_together(task: Task, checkpoint: Path, told: Told, ray_config: RayConfig) -> None:
    """Learn by ``task.config.workers`` processes until it gets no better.

    Args:
        checkpoint: is written after every epoch, and gone on from if it is there.

    Raises:
        UserError: the cluster cannot be reached, or has less than it takes; or a worker died, and
            the same call goes on from the checkpoint.
    """
    config = task.config
    with _cluster(task, ray_config):
        use_gpu = _gpus_are_used(config)
        # A worker without a GPU of its own may see one all the same.
        settled = msgspec.structs.replace(config, device="cuda" if use_gpu else "cpu")
        task = replace(task, config=settled)
        epochs = Queue(actor_options={"num_cpus": 0})
        begun = checkpoint.read_bytes() if checkpoint.exists() else None
        trainer = TorchTrainer(
            _work,
            train_loop_config={"task": ray.put(task), "begun": begun, "epochs": epochs},
            scaling_config=ScalingConfig(
                num_workers=config.workers,
                use_gpu=use_gpu,
                resources_per_worker={"CPU": config.threads, "GPU": int(use_gpu)},
            ),
            run_config=RunConfig(
                name=checkpoint.name,
                storage_path=str(checkpoint.parent / "ray"),
                failure_config=FailureConfig(max_failures=0),
            ),
        )
        # On a thread of its own, because it would take Ctrl-C for itself.
        pool = ThreadPoolExecutor(1, "training")
        training = pool.submit(trainer.fit)
        pool.shutdown(wait=False)
        while not training.done():
            _keep_next(epochs, checkpoint, told)
        while _keep_next(epochs, checkpoint, told):
            pass
        try:
            training.result()
        except TrainingFailedError as error:
            raise UserError(f"train: {_reason(error)}; the same command goes on") from error


def _work(given: dict[str, Any]) -> None:
    """What each worker does; the first one tells how far they are."""
    task: Task = ray.get(given["task"])
    context = ray.train.get_context()
    team = Team(rank=context.get_world_rank(), size=context.get_world_size())
    learning = Learning(task.architecture, task.examples, task.fold, task.config, team)
    if given["begun"] is not None:
        learning.load(given["begun"])
    for epoch in learning.epochs():
        if team.rank == 0:
            given["epochs"].put((epoch, learning.saved()))


@contextmanager
def _cluster(task: Task, config: RayConfig) -> Iterator[None]:
    cpus = task.config.workers * task.config.threads
    store = _STORE_BYTES + 2 * task.examples.charts.nbytes
    ours = connect(config, cpus, object_store_memory=store)
    try:
        yield
    finally:
        if ours:
            disconnect()


def _gpus_are_used(config: FitConfig) -> bool:
    """Whether each worker gets a GPU; ``auto`` is yes where there are enough of them.

    Raises:
        UserError: there is less than is asked for, which Ray would wait for.
    """
    there = ray.cluster_resources()  # type: ignore[no-untyped-call]  # Ray leaves it so
    cpus, gpus = int(there.get("CPU", 0)), int(there.get("GPU", 0))
    if cpus < config.workers * config.threads:
        raise UserError(
            f"train: {config.workers} workers with {config.threads} threads each: the cluster has"
            f" {cpus} processors"
        )
    if config.device == "cuda" and gpus < config.workers:
        raise UserError(f"train: {config.workers} workers on GPUs: the cluster has {gpus}")
    return config.device != "cpu" and gpus >= config.workers


def _keep_next(epochs: Queue, checkpoint: Path, told: Told) -> bool:
    """Wait a little for what the workers say, keep and tell it; whether they said anything."""
    try:
        epoch, state = epochs.get(timeout=_POLL_S)
    except Empty:
        return False
    write_whole(checkpoint, state)
    told(epoch)
    return True


def _reason(error: TrainingFailedError) -> str:
    """Ray's account is a page long, and all workers of a group fail when one does."""
    if not isinstance(error, WorkerGroupError):
        return " ".join(str(error).split())
    rank, failure = min(error.worker_failures.items())
    said = [line for line in str(failure).splitlines() if line and not line.startswith(_TRACE)]
    reason = said[0] if said else type(failure).__name__
    return f"worker {rank} failed: {reason.partition('. ')[0].removesuffix('.')}"
