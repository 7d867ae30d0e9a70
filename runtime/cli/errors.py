"""Turns what goes wrong into one line on standard error and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

from events.errors import LogError
from schemas.errors import UserError

USER_MUST_ACT: Final = 2
SHOW_TRACEBACK: Final = "WAKELINE_TRACEBACK"

_FROM_OUTSIDE: Final = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EISDIR,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
"""Errors of the file system that no change to the program would cure."""


@contextmanager
def errors_told(*, as_json: bool) -> Iterator[None]:
    """Inside, an error that the user can cure ends the program with a line and exit code 2.

    Any other error goes on to ``sys.excepthook``, which here tells it in two lines and where the
    traceback is to be had; Python then exits with 1.
    """
    sys.excepthook = _json_hook if as_json else _hook
    try:
        yield
    except (UserError, LogError) as error:
        tell_error(str(error), as_json=as_json)
        sys.exit(USER_MUST_ACT)
    except OSError as error:
        if error.errno not in _FROM_OUTSIDE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        tell_error(f"{where}{error.strerror}", as_json=as_json)
        sys.exit(USER_MUST_ACT)


def tell_error(message: str, *, as_json: bool) -> None:
    """Write ``error: ...`` as one line to standard error, and for programs the object too."""
    one_line = " ".join(message.split())
    sys.stderr.write(f"error: {one_line}\n")
    if as_json:
        from runtime.cli.output import print_json

        print_json({"error": one_line})


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None, /) -> None:
    _tell_bug(kind, error, trace, as_json=False)


def _json_hook(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, /
) -> None:
    _tell_bug(kind, error, trace, as_json=True)


def _tell_bug(
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    *,
    as_json: bool,
) -> None:
    place = traceback.extract_tb(trace)[-1] if trace else None
    where = f" at {place.filename}:{place.lineno}" if place else ""
    tell_error(f"unexpected {kind.__name__}: {error}{where}", as_json=as_json)
    if os.environ.get(SHOW_TRACEBACK):
        traceback.print_exception(kind, error, trace)
    else:
        sys.stderr.write(f"This is a bug. {SHOW_TRACEBACK}=1 shows the whole traceback.\n")
