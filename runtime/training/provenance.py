"""Which code a model came from: a digest that changes when it could come out otherwise."""

from importlib.metadata import version
from typing import Final

from runtime.code import sources_digest

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
    return sources_digest(TEACHING, (f"{library}=={version(library)}" for library in LIBRARIES))
