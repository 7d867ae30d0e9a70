"""Fitting as a configuration asks for it: in this process, or by several of a cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from actors.patterns.labels.walk_forward import Fold
from actors.patterns.models.examples import Examples
from actors.patterns.models.fitting_config import Epoch
from runtime.training.config import TrainingConfig

if TYPE_CHECKING:
    from actors.patterns.models.fitting import Fitted


def fit_model(
    config: TrainingConfig,
    examples: Examples,
    fold: Fold,
    checkpoint: Path,
    told: Callable[[Epoch], None],
) -> "Fitted":
    """A network, learned and calibrated; a killed process goes on from ``checkpoint``.

    Raises:
        NoDevice: the device is not here.
        UserError: the cluster cannot do it.
    """
    from actors.patterns.models.fitting import fit

    architecture, settings = config.architecture(), config.fit
    if settings.workers > 1:
        from runtime.hosts.ray.config import RayConfig
        from runtime.hosts.ray.training import Task, learn_together

        task = Task(architecture=architecture, examples=examples, fold=fold, config=settings)
        learn_together(task, checkpoint, told, RayConfig())
        # They have learned all; what is left to be done is short, and needs no GPU here.
        settings = replace(settings, device="cpu")
    return fit(architecture, examples, fold, settings, checkpoint=checkpoint, told=told)
