"""One writer a database, held by a lock that the operating system drops when its process ends."""

import fcntl
import os
from pathlib import Path
from typing import Self

from events.backends.sqlite.faults import typed_errors
from events.errors import InUse


class WriterLock:
    """An exclusive lock on a file beside the database; the file names the process that holds it.

    The file stays when the lock goes: if it were removed, two processes could lock two files of
    one name.

    Raises:
        InUse: somebody holds it and ``wait`` is false. A process excludes itself as well.
    """

    def __init__(self, database: Path, *, wait: bool = False) -> None:
        path = database.with_name(f"{database.name}-lock")
        with typed_errors(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
                os.close(self._descriptor)
                raise InUse(f"{database} is in use by process {holder or '(unknown)'}") from None
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let the next writer in; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
