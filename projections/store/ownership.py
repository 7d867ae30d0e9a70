"""One owner a directory: an advisory lock on a file beside it, which names the owner."""

import fcntl
import os
from pathlib import Path
from typing import Final

from projections.store.errors import StoreInUse


class Ownership:
    """The right to open a directory; the kernel takes it back when its process ends, however so."""

    def __init__(self, directory: Path) -> None:
        """Claim a directory.

        Raises:
            StoreInUse: a living process has it, this one included.
        """
        self._file: Final = directory.with_name(f"{directory.name}.owner")
        directory.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreInUse(f"{directory}: in use by process {owner}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give it up; releasing twice is allowed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
