"""Examples as the tensors that a network takes, kept where the network is."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import torch
from torch import Tensor

from actors.patterns.labels.walk_forward import Places
from actors.patterns.models.examples import Examples


class Inputs:
    """The inputs of any samples; what does not change is moved to the device once."""

    def __init__(self, examples: Examples, context: int, device: torch.device) -> None:
        self._device: Final = device
        # Who is not usable is looked at by nobody; its numbers only must be numbers.
        self._rows: Final = torch.from_numpy(np.nan_to_num(examples.rows)).to(device)
        self._charts: Final = torch.from_numpy(examples.charts).to(device)
        self._places: Final = torch.from_numpy(
            examples.moments[:, None] + np.arange(1 - context, 1)
        ).to(device)
        looked = examples.usable.copy()
        # Attention over nobody is not a number: where nobody is usable, the first is looked at.
        looked[~looked.any(axis=1), 0] = True
        self._looked: Final = torch.from_numpy(looked).to(device)

    def of(self, samples: Places) -> tuple[Tensor, Tensor, Tensor]:
        """Charts, windows of features, and who is present."""
        chosen = torch.from_numpy(samples).to(self._device)
        windows = self._rows[self._places[chosen]].transpose(1, 2)
        return self._charts[chosen], windows, self._looked[chosen]


def batches(samples: Places, size: int) -> Iterator[Places]:
    """The samples in their order, so many at once."""
    for start in range(0, len(samples), size):
        yield samples[start : start + size]
