"""Which code decides: a digest that changes when a decision could."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

import schemas

_ROOT: Final = Path(schemas.__path__[0]).parent

DECIDING: Final = (
    "schemas",
    *(
        f"actors/{part}"
        for part in ("kit", "strategies", "risk", "portfolio", "execution", "patterns")
    ),
    *(f"actors/feeds/{part}.py" for part in ("following", "merge", "pieces")),
    "projections/analytics/deflated.py",
    "runtime/hosts/inline",
)
"""Code that takes part in decisions. Of feeds it is the order into which sources are merged; what
else they make is in the market log.
"""

ENGINES: Final = ("nautilus_trader", "msgspec")
"""Distributions whose version may change a decision or its recorded form."""


RECOGNISING: Final = ("actors/patterns",)
"""Code that takes part in what a model answers."""


def deciding_files(parts: Iterable[str] = DECIDING) -> Iterator[Path]:
    """The files behind ``DECIDING``, or behind other parts of the tree, in a fixed order."""
    for name in parts:
        place = _ROOT / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else (place,)


def code_digest(extra: Iterable[str]) -> str:
    """BLAKE2b-128 over the deciding sources, the engines' versions and ``extra`` texts (a user's
    strategy).
    """
    return sources_digest(
        DECIDING, (*(f"{engine}=={version(engine)}" for engine in ENGINES), *extra)
    )


def recognising_digest() -> str:
    """BLAKE2b-128 over the code that draws and computes what models look at."""
    return sources_digest(RECOGNISING, ())


def sources_digest(parts: Iterable[str], texts: Iterable[str]) -> str:
    """BLAKE2b-128 over the files behind parts of the tree, and over texts."""
    state = blake2b(digest_size=16)
    for path in deciding_files(parts):
        state.update(path.relative_to(_ROOT).as_posix().encode())
        state.update(path.read_bytes())
    for text in texts:
        state.update(text.encode())
    return state.hexdigest()
