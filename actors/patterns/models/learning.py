"""What learning an epoch does, by one process or by several that share each step."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import msgspec
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from actors.patterns.labels.walk_forward import Fold, Places
from actors.patterns.models.architecture import DIRECTIONS, FastArchitecture
from actors.patterns.models.device import device_of
from actors.patterns.models.examples import Examples
from actors.patterns.models.fast import FastNetwork, Heads
from actors.patterns.models.fitting_config import Epoch, FitConfig
from actors.patterns.models.inputs import Inputs, batches


@dataclass(frozen=True, slots=True)
class Team:
    """One of several processes that learn the same network, each from its share of every batch.
    They are joined by torch's default process group.

    Attributes:
        rank: this one, counted from zero, of how many.
    """

    rank: int = 0
    size: int = 1

    def share(self, samples: Places) -> Places:
        """This one's of a batch; all of a batch that is smaller than the team."""
        return samples[self.rank :: self.size] if len(samples) >= self.size else samples

    def joined(self, network: nn.Module) -> nn.Module:
        """The network, whose gradients are from now on the mean over the team."""
        if self.size == 1:
            return network
        return DistributedDataParallel(network, broadcast_buffers=False)


ALONE: Final = Team()


class Learning:
    """A network on its way, and everything else that changes from epoch to epoch. A process has one
    at a time: torch's threads and seed are set for it.

    All of a team judge the whole validation part, and so decide alike when to stop.

    Args:
        team: who learns the same network beside this process.

    Raises:
        NoDevice: the device is not here.
    """

    def __init__(
        self,
        architecture: FastArchitecture,
        examples: Examples,
        fold: Fold,
        config: FitConfig,
        team: Team = ALONE,
    ) -> None:
        _set_torch_up(config)
        self._team: Final = team
        self._examples: Final = examples
        self._fold: Final = fold
        self._config: Final = config
        self._device: Final = device_of(config.device)
        network = FastNetwork(architecture)
        _standardise(network, examples, fold.train)
        self._network: Final = network.to(self._device)
        self._joined: Final = team.joined(self._network)
        self._optimizer: Final = torch.optim.AdamW(
            network.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self._inputs: Final = Inputs(examples, architecture.context, self._device)
        self._weights: Final = _class_weights(examples, fold.train, config).to(self._device)
        self._best: dict[str, Tensor] = {}
        self.history: list[Epoch] = []

    def epochs(self) -> Iterator[Epoch]:
        """Learn until it gets no better, or as long as is allowed."""
        while not self._is_done():
            yield self._epoch()

    def _is_done(self) -> bool:
        losses = [epoch.validation for epoch in self.history]
        since_best = len(losses) - 1 - int(np.argmin(losses)) if losses else 0
        return len(losses) >= self._config.epochs or since_best >= self._config.patience

    def _epoch(self) -> Epoch:
        number = len(self.history) + 1
        order = np.random.default_rng((self._config.seed, number)).permutation(self._fold.train)
        # Dropout's chance is decided by the epoch too, so that going on is like never having died.
        torch.manual_seed(self._config.seed * 1_000_003 + number + self._team.rank * 1_000)
        self._network.train()
        losses = [self._step(batch) for batch in batches(order, self._config.batch)]
        logits, classes = self._judged(self._fold.validation)
        came = functional.cross_entropy(logits, classes, self._weights.cpu())
        validation = float(self._with_the_teachers(came, logits, self._fold.validation))
        epoch = Epoch(number=number, loss=float(np.mean(losses)), validation=validation)
        if all(validation < before.validation for before in self.history):
            self._best = {k: v.cpu().clone() for k, v in self._network.state_dict().items()}
        self.history.append(epoch)
        return epoch

    def best(self) -> tuple[FastNetwork, Tensor, Tensor]:
        """The network as it was when it judged best, on the CPU; its direction logits of the
        validation part, float32[n, 3], and what came, int64[n].
        """
        self._network.load_state_dict(self._best)
        logits, classes = self._judged(self._fold.validation)
        return self._network.cpu(), logits, classes

    def saved(self) -> bytes:
        """All of it, to go on from."""
        state: dict[str, Any] = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "best": self._best,
            "history": [msgspec.structs.asdict(epoch) for epoch in self.history],
        }
        content = BytesIO()
        torch.save(state, content)
        return content.getvalue()

    def load(self, content: bytes) -> None:
        """Go on from there."""
        state = torch.load(BytesIO(content), map_location=self._device, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._best = {name: value.cpu() for name, value in state["best"].items()}
        self.history = [Epoch(**epoch) for epoch in state["history"]]

    def _step(self, batch: Places) -> float:
        samples = self._team.share(batch)
        loss = self._loss(self._heads(samples, self._joined), samples)
        if len(samples) < len(batch):
            # The team's mean is the batch's: each counts by how many outcomes are in its share.
            known = self._examples.labelled
            loss *= float(known[samples].sum() * self._team.size / known[batch].sum())
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _heads(self, samples: Places, network: nn.Module) -> Heads:
        mixed = self._device.type == "cuda"
        with torch.autocast(self._device.type, torch.bfloat16, enabled=mixed):
            heads = network(*self._inputs.of(samples))
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
                logits.append(self._heads(batch, self._network).direction.cpu()[known])
                classes.append(torch.from_numpy(self._examples.direction[batch])[known])
        return torch.cat(logits).clone(), torch.cat(classes)

    def _there(self, array: np.ndarray[Any, Any]) -> Tensor:
        return torch.from_numpy(array).to(self._device, non_blocking=True)


def _set_torch_up(config: FitConfig) -> None:
    torch.set_num_threads(config.threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Filling memory that is about to be written finds bugs in torch, and takes a tenth of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.manual_seed(config.seed)


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
