"""One source's database file: where it lies and what is in it."""

from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from events.backends.sqlite.database import Layout

_SUFFIX: Final = ".sqlite"
_NAME_BYTES_MAX: Final = 200

LAYOUT: Final = Layout(
    name="market log",
    application_id=b"WkMk",
    tables=(
        """
        CREATE TABLE records (
            first INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            kind TEXT NOT NULL,
            ts_first INTEGER NOT NULL,
            ts_last INTEGER NOT NULL,
            crc INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE state (
            only INTEGER PRIMARY KEY CHECK (only = 0),
            next_seq INTEGER NOT NULL,
            checkpoint BLOB NOT NULL,
            sealed INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO state VALUES (0, 0, x'', 0)",
    ),
)
"""``records`` holds Arrow batches with their first number, rows, first and last ``ts_event`` and
CRC-32; ``state`` is one row that changes in the same transaction as they do."""


def path_of(directory: Path, source: str) -> Path:
    """The file of a source. What a file name cannot hold is percent-encoded.

    Raises:
        ValueError: the name is empty or too long for a file.
    """
    name = quote(source, safe="")
    if not 0 < len(name) <= _NAME_BYTES_MAX:
        raise ValueError(f"a source's name has 1 to {_NAME_BYTES_MAX} bytes as a file: {source!r}")
    return directory / f"{name}{_SUFFIX}"


def sources_in(directory: Path) -> list[str]:
    """Names of the sources that have a file, sorted."""
    return sorted(unquote(path.stem) for path in directory.glob(f"*{_SUFFIX}"))
