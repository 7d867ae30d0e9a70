"""Small models and examples that say what they are about."""

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import torch

from actors.patterns.features.feature_set import feature_set
from actors.patterns.labels.outcomes import LabelConfig
from actors.patterns.labels.walk_forward import Fold
from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.card import (
    CARD,
    NETWORK,
    WEIGHTS,
    Card,
    file_digest,
    model_digest,
)
from actors.patterns.models.examples import Examples
from actors.patterns.models.export import onnx_of, weights_of
from actors.patterns.models.fast import Calibrated, FastNetwork
from actors.patterns.models.judging import Panels

FEATURES = feature_set("bars")
SMALL = FastArchitecture(
    columns=len(FEATURES.columns),
    patterns=("none", "breakout_down", "breakout_up"),
    horizon=4,
    context=8,
    width=16,
    layers=1,
    channels=(4, 4, 8),
    dropout=0.1,
)


@cache
def network(seed: int = 1) -> Calibrated:
    """A network that learned nothing; the seed decides what it says."""
    torch.manual_seed(seed)
    return Calibrated(FastNetwork(SMALL)).eval()


def kept(folder: Path, seed: int = 1, architecture: FastArchitecture = SMALL) -> Path:
    """The folder of a model with such a network in it; its card may claim another architecture."""
    weights, onnx = weights_of(network(seed)), onnx_of(network(seed))
    card = Card(
        name="small",
        digest=model_digest(weights, architecture),
        network_digest=file_digest(onnx),
        architecture=architecture,
        features=FEATURES.name,
        features_digest=FEATURES.digest,
        labels=LabelConfig(horizon=SMALL.horizon),
        interval="1m",
        instruments=("I.TEST",),
        data=(),
        config_digest="",
        code_digest="",
        samples=0,
        classes=(0, 0, 0),
        span=(0, 0),
        epochs=0,
        temperature=1.0,
        parameters=0,
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = {WEIGHTS: weights, NETWORK: onnx, CARD: msgspec.json.encode(card)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def panels(groups: int, instruments: int, seed: int = 3) -> Panels:
    """Inputs at random, everybody present."""
    chance = np.random.default_rng(seed)
    shape = (groups, instruments)
    return Panels(
        charts=chance.integers(0, 256, (*shape, *SMALL.chart_shape), dtype=np.uint8),
        features=chance.normal(size=(*shape, SMALL.context, SMALL.columns)).astype(np.float32),
        present=np.ones(shape, dtype=np.bool_),
    )


def examples(samples: int, *, told: bool) -> Examples:
    """Two instruments whose outcome the first feature tells, or nothing does."""
    chance = np.random.default_rng(11)
    rows = chance.normal(size=(samples + SMALL.context, 2, SMALL.columns)).astype(np.float32)
    moments = np.arange(SMALL.context, samples + SMALL.context)
    teller = rows[moments, :, 0] if told else chance.normal(size=(samples, 2))
    direction = np.where(teller > 0.4, 2, np.where(teller < -0.4, 0, 1)).astype(np.int64)
    shape = (samples, 2)
    return Examples(
        rows=rows,
        moments=moments,
        charts=np.zeros((*shape, *SMALL.chart_shape), dtype=np.uint8),
        usable=np.ones(shape, dtype=np.bool_),
        direction=direction,
        reached=chance.random(shape).astype(np.float32),
        volatility=chance.normal(size=shape).astype(np.float32),
        pattern=chance.integers(0, 3, shape),
        start=np.arange(samples),
        end=np.arange(samples) + 1,
    )


def halves(samples: int) -> Fold:
    """Half to learn from, a quarter to stop by, a quarter to be judged on."""
    half, most = samples // 2, samples * 3 // 4
    return Fold(
        train=np.arange(half), validation=np.arange(half, most), test=np.arange(most, samples)
    )
