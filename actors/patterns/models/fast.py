"""The fast network, in torch. A panel's instruments are judged together; all shapes say
``g`` panels, ``n`` instruments.
"""

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from actors.patterns.models.architecture import DIRECTIONS, FastArchitecture

FEATURE_LIMIT: Final = 5.0
"""Standardised features are cut here, so that one odd bar cannot shout down all others."""


class Heads(NamedTuple):
    """What the network says before calibration.

    Attributes:
        direction: float32[g, n, 3], logits.
        horizon: float32[g, n], logit of the share of the horizon until a barrier is reached.
        volatility: float32[g, n], log deviation of returns over the horizon.
        pattern: float32[g, n, patterns], logits.
    """

    direction: Tensor
    horizon: Tensor
    volatility: Tensor
    pattern: Tensor


class FastNetwork(nn.Module):
    """Chart and numbers of every instrument become one vector each, which then look at each other.

    The standardisation of features and of volatility, learned from the training part, is in buffers
    and travels with the weights.
    """

    feature_mean: Tensor
    feature_scale: Tensor
    volatility_mean: Tensor
    volatility_scale: Tensor

    def __init__(self, architecture: FastArchitecture) -> None:
        super().__init__()
        self.architecture: Final = architecture
        width = architecture.width
        self.chart = _ChartEncoder(architecture)
        self.numbers = _NumberEncoder(architecture)
        self.fuse = nn.Sequential(nn.Linear(2 * width, width), nn.GELU())
        self.across = _Block(width, architecture.heads, architecture.dropout)
        self.norm = nn.LayerNorm(width)
        self.direction = nn.Linear(width, DIRECTIONS)
        self.horizon = nn.Linear(width, 1)
        self.volatility = nn.Linear(width, 1)
        self.pattern = nn.Linear(width, len(architecture.patterns))
        self.register_buffer("feature_mean", torch.zeros(architecture.columns))
        self.register_buffer("feature_scale", torch.ones(architecture.columns))
        self.register_buffer("volatility_mean", torch.zeros(()))
        self.register_buffer("volatility_scale", torch.ones(()))

    def forward(self, charts: Tensor, features: Tensor, present: Tensor) -> Heads:
        """Judge panels.

        Args:
            charts: uint8[g, n, height, width]; features: float32[g, n, context, columns].
            present: bool[g, n]; who is absent is looked at by nobody, and its answer means nothing.
        """
        panels, instruments = present.shape
        scaled = (features.to(self.feature_mean.dtype) - self.feature_mean) / self.feature_scale
        numbers = self.numbers(scaled.clamp(-FEATURE_LIMIT, FEATURE_LIMIT).flatten(0, 1))
        fused = self.fuse(torch.cat((self.chart(charts.flatten(0, 1)), numbers), dim=-1))
        alone = fused.reshape(panels, instruments, -1)
        seen = self.norm(self.across(alone, present[:, None, None, :]))
        standardised = self.volatility(seen).squeeze(-1)
        return Heads(
            direction=self.direction(seen),
            horizon=self.horizon(seen).squeeze(-1),
            volatility=standardised * self.volatility_scale + self.volatility_mean,
            pattern=self.pattern(seen),
        )


class _ChartEncoder(nn.Module):
    """The tall 5 x 3 kernels of Jiang, Kelly and Xiu (2023), with strides and fewer channels."""

    def __init__(self, architecture: FastArchitecture) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        height, width = architecture.chart_shape
        for channels in architecture.channels:
            layers += [
                nn.Conv2d(before, channels, (5, 3), stride=2, padding=(2, 1)),
                nn.GroupNorm(4, channels),
                nn.LeakyReLU(0.01),
            ]
            before, height, width = channels, (height + 1) // 2, (width + 1) // 2
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(before * height * width, architecture.width)
        self.dropout = nn.Dropout(architecture.dropout)

    def forward(self, charts: Tensor) -> Tensor:
        seen = self.layers(charts.unsqueeze(1).to(self.head.weight.dtype) / 255.0)
        embedded: Tensor = self.dropout(self.head(seen.flatten(1)))
        return embedded


class _NumberEncoder(nn.Module):
    def __init__(self, architecture: FastArchitecture) -> None:
        super().__init__()
        self.patch: Final = architecture.patch
        tokens = architecture.context // architecture.patch
        self.embed = nn.Linear(architecture.patch * architecture.columns, architecture.width)
        self.place = nn.Parameter(torch.zeros(tokens, architecture.width))
        nn.init.normal_(self.place, std=0.02)
        self.blocks = nn.ModuleList(
            _Block(architecture.width, architecture.heads, architecture.dropout)
            for _ in range(architecture.layers)
        )

    def forward(self, rows: Tensor) -> Tensor:
        batch, context, columns = rows.shape
        patches = rows.reshape(batch, context // self.patch, self.patch * columns)
        tokens = self.embed(patches) + self.place
        for block in self.blocks:
            tokens = block(tokens, None)
        pooled: Tensor = tokens.mean(dim=1)
        return pooled


class _Block(nn.Module):
    """Attention and a small perceptron, each behind a norm and beside a shortcut."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads: Final = heads
        self.before = nn.LayerNorm(width)
        self.mixed = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.between = nn.LayerNorm(width)
        self.think = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, width = tokens.shape
        shape = (batch, length, 3, self.heads, width // self.heads)
        query, key, value = self.mixed(self.before(tokens)).reshape(shape).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        joined = seen.transpose(1, 2).reshape(batch, length, width)
        tokens = tokens + self.dropout(self.out(joined))
        thought: Tensor = self.dropout(self.think(self.between(tokens)))
        return tokens + thought


class Calibrated(nn.Module):
    """The network with what makes its probabilities honest: what is exported and served.

    Direction logits are divided by a temperature after a bias a class (vector scaling with one
    temperature, Guo et al. 2017): the biases take back what balanced classes did to the priors.
    """

    bias: Tensor
    temperature: Tensor

    def __init__(self, network: FastNetwork) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("bias", torch.zeros(DIRECTIONS))
        self.register_buffer("temperature", torch.ones(()))

    def forward(
        self, charts: Tensor, features: Tensor, present: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Direction probabilities, horizon share, log volatility and pattern probabilities."""
        heads = self.network(charts, features, present)
        direction = (heads.direction.float() + self.bias) / self.temperature
        return (
            direction.softmax(-1),
            heads.horizon.float().sigmoid(),
            heads.volatility.float(),
            heads.pattern.float().softmax(-1),
        )
