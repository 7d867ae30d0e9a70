"""Names of sources: the same files, read the same way, are the same source."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.survey import FileSet
from actors.feeds.symbols import compact

READING: Final = 1
"""Raise it when the same files come to be read differently: older sources then keep their names."""

_CHUNK_BYTES: Final = 1 << 20


def source_name(files: FileSet, policy: QualityPolicy) -> str:
    """Such as ``fxcm-eurusd-quotes-3f9a0c51d2e4b687``: letters, digits and hyphens only.

    The digest is over the files' names and contents, how they are read, the instrument's terms and
    the policy; not over the folders that they happen to lie in.
    """
    digest = blake2b(digest_size=8)
    terms = (READING, files.kind.value, files.interval, files.side, files.instrument, policy)
    digest.update(msgspec.json.encode(terms, order="deterministic"))
    for part in files.parts:
        description = (part.path.name, part.path.stat().st_size, part.meaning)
        digest.update(msgspec.json.encode(description))
        digest.update(_content(part.path, part.path.stat().st_mtime_ns))
    kind = files.kind.value.removeprefix("market.").replace("_", "-")
    words = (
        files.instrument.venue,
        compact(files.instrument.symbol),
        kind,
        files.interval,
        files.side,
    )
    legible = "-".join(word for word in words if word).lower()
    safe = "".join(char if char.isalnum() else "-" for char in legible)
    return f"{safe}-{digest.hexdigest()}"


@cache
def _content(path: Path, _changed: int) -> bytes:
    """A zip of many contracts is many parts, and hashed once."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.digest()
