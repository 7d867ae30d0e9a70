"""What can be wrong with files, told so that the user can mend it."""

from pathlib import Path

from schemas.errors import UserError


class FeedError(UserError):
    """A file, or how it was described, cannot become market records."""


class Unreadable(FeedError):
    """A file cannot be read any further; the rows before were good.

    Attributes:
        file: its name, with the member where it is an archive.
        row: 1-based line, or record of a binary file; 0 for the file as a whole.
        reason: short and machine-readable, such as ``truncated``.
        text: what is wrong, for a person.
    """

    def __init__(self, file: str, row: int, reason: str, text: str) -> None:
        where = f"{file}, row {row}" if row else file
        super().__init__(f"{where}: {text}")
        self.file = file
        self.row = row
        self.reason = reason
        self.text = text


class NotMarketData(FeedError):
    """A file is understood, and holds neither quotes, trades nor bars."""


def missing(path: Path) -> FeedError:
    """The error for a path that is not there."""
    return FeedError(f"{path}: no such file or directory")
