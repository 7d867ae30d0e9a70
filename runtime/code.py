"""Which code decides: a digest that changes when a decision could."""

from collections.abc import Iterable
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

import actors
import schemas

DECIDING: Final = (
    Path(schemas.__path__[0]),
    *(
        Path(actors.__path__[0]) / part
        for part in ("kit", "strategies", "risk", "portfolio", "execution")
    ),
)
"""Folders whose code takes part in decisions. Feeds do not: what they made is in the market log."""

ENGINES: Final = ("nautilus_trader", "msgspec")
"""Distributions whose version may change a decision or its recorded form."""


def code_digest(extra: Iterable[str]) -> str:
    """BLAKE2b-128 over the deciding sources, the engines' versions and ``extra`` texts (a user's
    strategy).
    """
    state = blake2b(digest_size=16)
    for folder in DECIDING:
        for path in sorted(folder.rglob("*.py")):
            state.update(path.relative_to(folder.parent).as_posix().encode())
            state.update(path.read_bytes())
    for text in (*(f"{engine}=={version(engine)}" for engine in ENGINES), *extra):
        state.update(text.encode())
    return state.hexdigest()
