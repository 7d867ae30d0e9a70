"""A model served by torch, which is how it runs on a GPU."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, Self

import numpy as np
import torch
from torch import Tensor

from actors.patterns.models.card import WEIGHTS, Card, UnusableModel, checked, read_card
from actors.patterns.models.device import device_of
from actors.patterns.models.export import model_of
from actors.patterns.models.fast import Calibrated
from actors.patterns.models.judging import Judgements, OutOfMemory, Panels, fitting

type Mode = Literal["eager", "graph"]

HALF_TOLERANCE: Final = 5e-3
"""How far probabilities in bfloat16 may lie from those of the CPU; in float32 it is
``export.TOLERANCE`` on a GPU, too."""

_WARM_UPS: Final = 3
_Shape = tuple[int, int]


class TorchModel:
    """Implements ``Model`` on any device of torch.

    As a ``graph`` the kernels of a panel's shape are recorded once, at the first panel of that
    shape, and replayed as one from then on: launching some eighty of them one by one takes longer
    than they run.
    """

    def __init__(
        self, card: Card, model: Calibrated, device: torch.device, mode: Mode, *, half: bool = False
    ) -> None:
        self.card: Final = card
        self._model: Final = model.to(device)
        self._device: Final = device
        self._half: Final = half
        self._mode: Final = mode if device.type == "cuda" else "eager"
        self._graphs: Final[dict[_Shape, _Recorded]] = {}

    @classmethod
    def open(
        cls, folder: Path, device: str = "cuda", mode: Mode = "graph", *, half: bool = False
    ) -> Self:
        """The model in a folder, once its weights are what its card says.

        Args:
            half: multiply in bfloat16.

        Raises:
            UnusableModel: a file is missing or damaged, or holds weights of another architecture.
            NoDevice: the device is not here.
            OutOfMemory: it has no room for the model.
        """
        card = read_card(folder)
        weights = checked(folder, card, WEIGHTS)
        try:
            model = model_of(weights, card.architecture)
        except ValueError as error:
            raise UnusableModel(f"model {folder / WEIGHTS}: {error}") from error
        try:
            return cls(card, model, device_of(device), mode, half=half)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(str(error)) from error

    def judge(self, panels: Panels) -> Judgements:
        given = fitting(panels, self.card)
        try:
            outputs = self._outputs(given)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(str(error)) from error
        direction, reached, volatility, pattern = (each.cpu().numpy() for each in outputs)
        return Judgements(
            direction=direction, reached=reached, volatility=volatility, pattern=pattern
        )

    def _outputs(self, panels: Panels) -> tuple[Tensor, ...]:
        tensors = _tensors(panels)
        if self._mode == "eager":
            return self._run(*(tensor.to(self._device) for tensor in tensors))
        panel, instruments = panels.present.shape
        shape = (panel, instruments)
        if shape not in self._graphs:
            self._graphs[shape] = _Recorded(self._run, tensors, self._device)
        return self._graphs[shape].replay(tensors)

    def _run(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        mixed = torch.autocast(self._device.type, torch.bfloat16, enabled=self._half)
        with torch.inference_mode(), mixed:
            found: tuple[Tensor, ...] = self._model(*inputs)
        return found


class _Recorded:
    """One shape's kernels as a CUDA graph, with the memory that they read and write."""

    def __init__(
        self,
        run: Callable[..., tuple[Tensor, ...]],
        tensors: tuple[Tensor, ...],
        device: torch.device,
    ) -> None:
        self._inputs: Final = tuple(tensor.to(device) for tensor in tensors)
        self._graph: Final = torch.cuda.CUDAGraph()
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # torch leaves it so
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(_WARM_UPS):
                run(*self._inputs)
        torch.cuda.current_stream().wait_stream(stream)
        with torch.cuda.graph(self._graph):
            self._outputs: Final = run(*self._inputs)

    def replay(self, tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        for place, tensor in zip(self._inputs, tensors, strict=True):
            place.copy_(tensor, non_blocking=True)
        self._graph.replay()
        return self._outputs


def _tensors(panels: Panels) -> tuple[Tensor, ...]:
    arrays = (panels.charts, panels.features, panels.present)
    return tuple(torch.from_numpy(np.ascontiguousarray(each)) for each in arrays)
