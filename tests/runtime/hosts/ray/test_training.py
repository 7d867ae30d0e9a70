"""Several workers learn what one would, and go on where they were killed."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from actors.patterns.models.examples import Examples
from actors.patterns.models.fitting import fit
from actors.patterns.models.fitting_config import Epoch, FitConfig
from runtime.hosts.ray.config import RayConfig
from runtime.hosts.ray.training import Task, learn_together
from schemas.errors import UserError
from tests.actors.patterns.models.made import SMALL, examples, halves

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(300)]

SAMPLES = 200
ALONE = FitConfig(epochs=4, batch=32, learning_rate=5e-3, patience=4, device="cpu", balance=False)


def half_known(given: Examples) -> Examples:
    """Outcomes of the second instrument are missing here and there, so that shares differ."""
    direction = given.direction.copy()
    direction[np.random.default_rng(3).random(len(given)) < 0.5, 1] = -1
    return replace(given, direction=direction)


TASK = Task(
    # Without dropout there is no chance that each worker would draw for itself.
    architecture=msgspec.structs.replace(SMALL, dropout=0.0),
    examples=half_known(examples(SAMPLES, told=True)),
    fold=halves(SAMPLES),
    config=msgspec.structs.replace(ALONE, workers=2),
)


type Learned = tuple[list[Epoch], dict[str, torch.Tensor]]
"""The epochs that were told, and the network that comes out."""


def learned(task: Task, checkpoint: Path, ray_config: RayConfig) -> Learned:
    epochs: list[Epoch] = []
    learn_together(task, checkpoint, epochs.append, ray_config)
    alone = msgspec.structs.replace(task.config, workers=1)
    fitted = fit(task.architecture, task.examples, task.fold, alone, checkpoint=checkpoint)
    assert list(fitted.history[-len(epochs) :]) == epochs
    return epochs, dict(fitted.model.state_dict())


@pytest.fixture(scope="module")
def together(local_ray: RayConfig, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    return learned(TASK, tmp_path_factory.mktemp("together") / "all", local_ray)


def test_two_workers_learn_what_one_does(together: Learned) -> None:
    epochs, _ = together
    alone = fit(TASK.architecture, TASK.examples, TASK.fold, ALONE)
    assert [each.number for each in epochs] == [1, 2, 3, 4]
    assert [each.validation for each in epochs] == pytest.approx(
        [each.validation for each in alone.history], rel=1e-3
    )


def test_they_go_on_from_a_checkpoint_to_the_same_network(
    together: Learned, local_ray: RayConfig, tmp_path: Path
) -> None:
    _, whole = together
    halfway = msgspec.structs.replace(TASK.config, epochs=2)
    learned(replace(TASK, config=halfway), tmp_path / "parts", local_ray)
    epochs, parts = learned(TASK, tmp_path / "parts", local_ray)
    assert [each.number for each in epochs] == [3, 4]
    for name, value in whole.items():
        assert torch.equal(parts[name], value), name


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"device": "cuda"}, "2 workers on GPUs: the cluster has 0"),
        ({"workers": 5, "threads": 2}, "5 workers with 2 threads each: the cluster has 8"),
    ],
)
def test_what_the_cluster_has_not_is_not_waited_for(
    local_ray: RayConfig, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    config = msgspec.structs.replace(TASK.config, **change)
    with pytest.raises(UserError, match=complaint):
        learn_together(replace(TASK, config=config), tmp_path / "none", print, local_ray)


def test_what_stops_a_worker_is_said(local_ray: RayConfig, tmp_path: Path) -> None:
    checkpoint = tmp_path / "damaged"
    checkpoint.write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="train: worker 0 failed: Weights only load failed"):
        learn_together(TASK, checkpoint, print, local_ray)
    assert checkpoint.read_bytes() == b"no checkpoint"
