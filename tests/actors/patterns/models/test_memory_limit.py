"""What models may take of a GPU, and that torch is told."""

from types import SimpleNamespace

import pytest
import torch

from actors.patterns.models.memory_limit import MemoryLimit, hold_to
from schemas.errors import UserError

GB = 1024**3


@pytest.mark.parametrize(
    ("limit", "fraction"),
    [
        (MemoryLimit(), 1.0),
        (MemoryLimit(share=0.25), 0.25),
        (MemoryLimit(mb=2048), 0.25),
        (MemoryLimit(share=0.5, mb=2048), 0.25),
        (MemoryLimit(share=0.1, mb=2048), 0.1),
    ],
)
def test_the_smaller_limit_counts(limit: MemoryLimit, fraction: float) -> None:
    assert limit.fraction(8 * GB) == pytest.approx(fraction)


def test_more_than_there_is_is_refused() -> None:
    with pytest.raises(UserError, match="memory_mb = 9000: the GPU has 8192 MB"):
        MemoryLimit(mb=9000).fraction(8 * GB)


def test_torch_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    gpu = SimpleNamespace(total_memory=16 * GB)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: gpu)
    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", told.append)
    hold_to(MemoryLimit(mb=4096))
    assert told == [0.25]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_torch_refuses_what_is_beyond_the_limit() -> None:
    hold_to(MemoryLimit(mb=64))
    try:
        with pytest.raises(torch.OutOfMemoryError):
            torch.empty(128 * 1024 * 1024, dtype=torch.uint8, device="cuda")
    finally:
        hold_to(MemoryLimit())
