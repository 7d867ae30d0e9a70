"""SQLite's errors as ours, with the path in the message."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from events.errors import Corrupt, DiskFull, InUse, LogError, Unwritable

_PRIMARY: Final = 0xFF
"""The low byte of an extended result code is the primary one (sqlite.org/rescode.html)."""

_BY_CODE: Final[dict[int, type[LogError]]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
    sqlite3.SQLITE_BUSY: InUse,
    sqlite3.SQLITE_IOERR: Unwritable,
    sqlite3.SQLITE_READONLY: Unwritable,
    sqlite3.SQLITE_CANTOPEN: Unwritable,
    sqlite3.SQLITE_PERM: Unwritable,
}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def typed_errors(path: Path) -> Iterator[None]:
    """Raise every error of SQLite or the operating system as a ``LogError`` that names ``path``."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        raise _BY_CODE.get(code, LogError)(f"{path}: {error}") from error
    except OSError as error:
        fault = DiskFull if error.errno in _FULL else Unwritable
        raise fault(f"{path}: {error.strerror or error}") from error
