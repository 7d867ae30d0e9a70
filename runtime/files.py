"""Small files that are there wholly or not at all."""

from pathlib import Path

from schemas.errors import UserError


class Unwritten(UserError):
    """A file could not be written: its disk is full, or takes no data."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; a crash leaves the one before or the new one, never half of one.

    Raises:
        Unwritten: its place takes no data; the file before is as it was.
    """
    unfinished = path.with_name(f"{path.name}-new")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        raise Unwritten(f"{path}: {error.strerror}") from error
