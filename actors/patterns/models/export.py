"""A fitted network into files: weights for whoever trains on, ONNX for whoever serves."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import safetensors.torch
import torch

from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.fast import Calibrated, FastNetwork
from actors.patterns.models.onnx_model import INPUTS, OUTPUTS

OPSET: Final = 18

TOLERANCE: Final = 1e-5
"""How far answers of ONNX Runtime and of torch may lie apart on a CPU, in probability."""


def weights_of(model: Calibrated) -> bytes:
    """The weights as safetensors: the same bytes for the same weights."""
    return safetensors.torch.save({k: v.contiguous() for k, v in model.state_dict().items()})


def model_of(weights: bytes, architecture: FastArchitecture) -> Calibrated:
    """The network behind ``weights_of``.

    Raises:
        ValueError: the weights are no safetensors, or of another architecture.
    """
    model = Calibrated(FastNetwork(architecture))
    try:
        model.load_state_dict(safetensors.torch.load(weights))
    except (safetensors.SafetensorError, RuntimeError) as error:
        raise ValueError(" ".join(str(error).split())) from error
    return model.eval()


def onnx_of(model: Calibrated) -> bytes:
    """The network as ONNX, for any number of panels and instruments."""
    architecture = model.network.architecture
    panel = (2, 3)
    example = (
        torch.zeros(*panel, *architecture.chart_shape, dtype=torch.uint8),
        torch.zeros(*panel, architecture.context, architecture.columns),
        torch.ones(*panel, dtype=torch.bool),
    )
    with warnings.catch_warnings(), TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        # The newer exporter needs a package more; this one writes the same network, as tests show.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            example,
            path,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "panels", 1: "instruments"} for name in (*INPUTS, *OUTPUTS)},
            opset_version=OPSET,
            dynamo=False,
        )
        return path.read_bytes()
