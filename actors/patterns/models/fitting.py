"""Learning: from examples to a network, epoch by epoch, so that a killed process goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from actors.patterns.labels.walk_forward import Fold, Places
from actors.patterns.models.architecture import DIRECTIONS, FastArchitecture
from actors.patterns.models.calibration import Scaling, fit_scaling
from actors.patterns.models.examples import Examples, Singles
from actors.patterns.models.fast import Calibrated, FastNetwork, Heads
from actors.patterns.models.fitting_config import Epoch, FitConfig
from actors.patterns.models.inputs import Inputs, batches


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


class NoDevice(ValueError):
    """A GPU was asked for and there is none."""


def device_of(wanted: str) -> torch.device:
    """The device of that name.

    Raises:
        NoDevice: it is not here.
    """
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise NoDevice(f"device {wanted!r}: write cpu, cuda or auto") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise NoDevice(f"device {wanted!r}: torch finds no GPU here; cpu and auto work")
    return device


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
    torch.set_num_threads(config.threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Filling memory that is about to be written finds bugs in torch, and takes a tenth of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.manual_seed(config.seed)
    learning = _Learning(architecture, examples, fold, config)
    if checkpoint is not None and checkpoint.exists():
        learning.load(checkpoint.read_bytes())
    while not learning.done:
        epoch = learning.epoch()
        if checkpoint is not None:
            _write(checkpoint, learning.saved())
        told(epoch)
    return learning.fitted()


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}-new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


class _Learning:
    """Everything that changes from epoch to epoch."""

    def __init__(
        self, architecture: FastArchitecture, examples: Examples, fold: Fold, config: FitConfig
    ) -> None:
        self._examples: Final = examples
        self._fold: Final = fold
        self._config: Final = config
        self._device: Final = device_of(config.device)
        self._architecture: Final = architecture
        network = FastNetwork(architecture)
        _standardise(network, examples, fold.train)
        self._network: Final = network.to(self._device)
        self._optimizer: Final = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._inputs: Final = Inputs(examples, architecture.context, self._device)
        self._weights: Final = _class_weights(examples, fold.train, config).to(self._device)
        self._history: list[Epoch] = []
        self._best: dict[str, Tensor] = {}

    @property
    def done(self) -> bool:
        losses = [epoch.validation for epoch in self._history]
        since_best = len(losses) - 1 - int(np.argmin(losses)) if losses else 0
        return len(losses) >= self._config.epochs or since_best >= self._config.patience

    def epoch(self) -> Epoch:
        number = len(self._history) + 1
        order = np.random.default_rng((self._config.seed, number)).permutation(self._fold.train)
        # Dropout's chance is decided by the epoch too, so that going on is like never having died.
        torch.manual_seed(self._config.seed * 1_000_003 + number)
        self._network.train()
        losses = [self._step(batch) for batch in batches(order, self._config.batch)]
        logits, classes = self._judged(self._fold.validation)
        came = functional.cross_entropy(logits, classes, self._weights.cpu())
        validation = float(self._with_the_teachers(came, logits, self._fold.validation))
        epoch = Epoch(number=number, loss=float(np.mean(losses)), validation=validation)
        if all(validation < before.validation for before in self._history):
            self._best = {k: v.cpu().clone() for k, v in self._network.state_dict().items()}
        self._history.append(epoch)
        return epoch

    def fitted(self) -> Fitted:
        self._network.load_state_dict(self._best)
        logits, classes = self._judged(self._fold.validation)
        scaling = fit_scaling(
            logits.double().numpy(), classes.numpy(), overlap=self._architecture.horizon
        )
        model = Calibrated(self._network.cpu())
        model.bias.copy_(torch.from_numpy(scaling.bias))
        model.temperature.fill_(scaling.temperature)
        return Fitted(model=model.eval(), history=tuple(self._history))

    def saved(self) -> bytes:
        state: dict[str, Any] = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "best": self._best,
            "history": [msgspec.structs.asdict(epoch) for epoch in self._history],
        }
        content = BytesIO()
        torch.save(state, content)
        return content.getvalue()

    def load(self, content: bytes) -> None:
        state = torch.load(BytesIO(content), map_location=self._device, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._best = {name: value.cpu() for name, value in state["best"].items()}
        self._history = [Epoch(**epoch) for epoch in state["history"]]

    def _step(self, samples: Places) -> float:
        heads = self._heads(samples)
        loss = self._loss(heads, samples)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _heads(self, samples: Places) -> Heads:
        mixed = self._device.type == "cuda"
        with torch.autocast(self._device.type, torch.bfloat16, enabled=mixed):
            heads = self._network(*self._inputs.of(samples))
        return Heads(*(head.float() for head in heads))

    def _loss(self, heads: Heads, samples: Places) -> Tensor:
        examples = self._examples
        known = self._there(examples.labelled[samples])
        direction = self._there(examples.direction[samples])[known]
        reached = self._there(examples.reached[samples])[known]
        volatility = self._there(examples.volatility[samples])[known]
        pattern = self._there(examples.pattern[samples])[known]
        scale = self._network.volatility_scale
        missed = (heads.volatility[known] - volatility) / scale
        came = functional.cross_entropy(heads.direction[known], direction, self._weights)
        return (
            self._with_the_teachers(came, heads.direction[known], samples)
            + 0.25 * functional.binary_cross_entropy_with_logits(heads.horizon[known], reached)
            + 0.25 * functional.smooth_l1_loss(missed, torch.zeros_like(missed))
            + 0.25 * functional.cross_entropy(heads.pattern[known], pattern)
        )

    def _with_the_teachers(self, came: Tensor, logits: Tensor, samples: Places) -> Tensor:
        """The direction's loss when a part of it is by a teacher's probabilities: distillation as
        in Hinton, Vinyals and Dean (2015), of answers instead of logits.
        """
        taught = self._examples.taught
        if taught is None:
            return came
        known = self._examples.labelled[samples]
        spoke = torch.from_numpy(taught.spoke[samples][known]).to(logits.device)
        if not bool(spoke.any()):
            return came
        said = torch.from_numpy(taught.said[samples][known]).to(logits.device)
        told = functional.cross_entropy(logits[spoke], said[spoke])
        share = taught.weight * spoke.float().mean()
        return came * (1 - share) + told * share

    def _judged(self, samples: Places) -> tuple[Tensor, Tensor]:
        """Direction logits and classes of every labelled sample, on the CPU."""
        self._network.eval()
        logits, classes = [], []
        with torch.inference_mode():
            for batch in batches(samples, self._config.batch):
                known = torch.from_numpy(self._examples.labelled[batch])
                logits.append(self._heads(batch).direction.cpu()[known])
                classes.append(torch.from_numpy(self._examples.direction[batch])[known])
        return torch.cat(logits).clone(), torch.cat(classes)

    def _there(self, array: np.ndarray[Any, Any]) -> Tensor:
        return torch.from_numpy(array).to(self._device, non_blocking=True)


def predicted(model: Calibrated, examples: Examples, samples: Places, batch: int) -> Singles:
    """float32[len(samples), k, 3]: calibrated probabilities of down, flat, up, on the CPU."""
    inputs = Inputs(examples, model.network.architecture.context, torch.device("cpu"))
    with torch.inference_mode():
        found = [model(*inputs.of(some))[0] for some in batches(samples, batch)]
    return torch.cat(found).numpy()


def _standardise(network: FastNetwork, examples: Examples, train: Places) -> None:
    known = examples.labelled[train]
    rows = examples.rows[examples.moments[train]][known].astype(np.float64)
    volatility = examples.volatility[train][known].astype(np.float64)
    scale = rows.std(axis=0)
    network.feature_mean.copy_(torch.from_numpy(rows.mean(axis=0)))
    network.feature_scale.copy_(torch.from_numpy(np.where(scale > 1e-6, scale, 1.0)))
    network.volatility_mean.fill_(float(volatility.mean()))
    network.volatility_scale.fill_(max(float(volatility.std()), 1e-6))


def _class_weights(examples: Examples, train: Places, config: FitConfig) -> Tensor:
    classes = examples.direction[train][examples.labelled[train]]
    counts = np.maximum(np.bincount(classes, minlength=DIRECTIONS), 1)
    weights = len(classes) / (DIRECTIONS * counts) if config.balance else np.ones(DIRECTIONS)
    return torch.from_numpy(weights.astype(np.float32))
