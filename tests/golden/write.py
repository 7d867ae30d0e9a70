"""Adds the golden files that are missing: ``python -m tests.golden.write``.

A file that is there is never touched. It is how an event of that version was written once, and
journals hold such events.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from events.codecs.json import encode_event
from schemas.registry import registered
from tests.golden.examples import example_event

FOLDER = Path(__file__).parent


def golden_path(kind: str, version: int) -> Path:
    """The file of a kind and version."""
    return FOLDER / f"{kind}.v{version}.json"


def add_missing() -> Iterator[Path]:
    """Write an example of every kind and version that has none, and name it."""
    for kind, version, payload in registered():
        path = golden_path(kind, version)
        if not path.exists():
            text = msgspec.json.format(encode_event(example_event(payload)), indent=2)
            path.write_bytes(text + b"\n")
            yield path


if __name__ == "__main__":
    for added in add_missing():
        print(f"added {added.name}")
