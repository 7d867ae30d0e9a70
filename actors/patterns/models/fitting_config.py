"""How a network is fitted, and how far it is; nothing here needs torch."""

from typing import Annotated

import msgspec
from msgspec import Meta


class FitConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is fitted.

    Attributes:
        batch: samples (of all instruments) a step.
        patience: epochs without a better validation before it stops.
        balance: weigh classes by the inverse of how often they occur; calibration takes the
            difference back out of the probabilities.
        device: ``cpu``, ``cuda``, or ``auto`` for a GPU if there is one. On a GPU the arithmetic is
            bfloat16 where that is safe.
        threads: of the CPU; results are the same for the same number, and one is fastest for steps
            as small as these.
        workers: how many processes share each step, with a GPU each where they are on GPUs.
    """

    epochs: Annotated[int, Meta(ge=1)] = 30
    batch: Annotated[int, Meta(ge=1)] = 64
    learning_rate: Annotated[float, Meta(gt=0)] = 3e-4
    weight_decay: Annotated[float, Meta(ge=0)] = 0.1
    patience: Annotated[int, Meta(ge=1)] = 5
    balance: bool = True
    seed: Annotated[int, Meta(ge=0)] = 7
    device: str = "auto"
    threads: Annotated[int, Meta(ge=1)] = 1
    workers: Annotated[int, Meta(ge=1)] = 1


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is: mean losses of learning, of the first worker's share where there are several,
    and of the validation's direction.
    """

    number: int
    loss: float
    validation: float
