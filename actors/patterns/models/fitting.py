"""From examples to a calibrated network, epoch by epoch, so that a killed process goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from actors.patterns.labels.walk_forward import Fold, Places
from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.calibration import Scaling, fit_scaling
from actors.patterns.models.examples import Examples, Singles
from actors.patterns.models.fast import Calibrated
from actors.patterns.models.fitting_config import Epoch, FitConfig
from actors.patterns.models.inputs import Inputs, batches
from actors.patterns.models.learning import Learning


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The best network, calibrated and on the CPU, and how it came to be."""

    model: Calibrated
    history: tuple[Epoch, ...]

    @property
    def scaling(self) -> Scaling:
        """The calibration in it."""
        bias = self.model.bias.double().numpy()
        return Scaling(temperature=float(self.model.temperature), bias=bias)


def fit(
    architecture: FastArchitecture,
    examples: Examples,
    fold: Fold,
    config: FitConfig,
    *,
    checkpoint: Path | None = None,
    told: Callable[[Epoch], None] = lambda _: None,
) -> Fitted:
    """Learn from the fold's training part, stop and calibrate by its validation part.

    Args:
        checkpoint: a file that holds the state after every epoch; if it is there, learning goes on
            from it and comes to the same network. It is the caller's to name it after what decides
            the outcome, and to remove it.

    Raises:
        NoDevice: the device is not here.
    """
    learning = Learning(architecture, examples, fold, config)
    if checkpoint is not None and checkpoint.exists():
        learning.load(checkpoint.read_bytes())
    for epoch in learning.epochs():
        if checkpoint is not None:
            _write(checkpoint, learning.saved())
        told(epoch)
    network, logits, classes = learning.best()
    scaling = fit_scaling(logits.double().numpy(), classes.numpy(), overlap=architecture.horizon)
    model = Calibrated(network)
    model.bias.copy_(torch.from_numpy(scaling.bias))
    model.temperature.fill_(scaling.temperature)
    return Fitted(model=model.eval(), history=tuple(learning.history))


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}-new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def predicted(model: Calibrated, examples: Examples, samples: Places, batch: int) -> Singles:
    """float32[len(samples), k, 3]: calibrated probabilities of down, flat, up, on the CPU."""
    inputs = Inputs(examples, model.network.architecture.context, torch.device("cpu"))
    with torch.inference_mode():
        found = [model(*inputs.of(some))[0] for some in batches(samples, batch)]
    return torch.cat(found).numpy()
