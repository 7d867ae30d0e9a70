"""Which code a model came from: a digest that changes when it could come out otherwise."""

from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

import runtime

_ROOT: Final = Path(runtime.__path__[0]).parent

TEACHING: Final = (
    "actors/patterns/candles.py",
    "actors/patterns/charts/grey.py",
    "actors/patterns/pooling.py",
    *(f"actors/patterns/{part}" for part in ("features", "labels", "models")),
    "runtime/training",
)
"""Code that takes part in how a model comes out; what the data are is in the sources' names."""

LIBRARIES: Final = ("numpy", "torch", "scikit-learn")


def training_digest() -> str:
    """BLAKE2b-128 over the sources and the versions of what they compute with."""
    state = blake2b(digest_size=16)
    for name in TEACHING:
        place = _ROOT / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            state.update(path.relative_to(_ROOT).as_posix().encode())
            state.update(path.read_bytes())
    for library in LIBRARIES:
        state.update(f"{library}=={version(library)}".encode())
    return state.hexdigest()
