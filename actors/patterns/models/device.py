"""The device that torch is to work on."""

import torch


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
