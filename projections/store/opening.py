"""A way to ask, whether or not another process owns the directory."""

import time
from pathlib import Path
from typing import Final

from projections.store.asked import Asked
from projections.store.chdb import ChdbStore
from projections.store.client import SocketQueries
from projections.store.errors import StoreInUse, StoreMissing
from projections.store.port import Form, Limits, Parameters, Queries

_PATIENCE_S: Final = 5.0
"""Owners come and go; between claiming a directory and listening lies the start of an engine."""


def open_queries(directory: Path, listening: Path, limits: Limits | None = None) -> Queries:
    """Read-only questions to an embedded ClickHouse.

    Args:
        directory: of the embedded ClickHouse; opened here when nobody has it.
        listening: the socket on which its owner answers.

    Raises:
        StoreMissing: nothing was ever stored there.
        StoreInUse: its owner does not answer.
    """
    if not directory.is_dir() or not any(directory.iterdir()):
        raise StoreMissing(f"{directory}: no run was recorded yet, so there is nothing to ask")
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return _Own(ChdbStore(directory), limits)
        except StoreInUse as refusal:
            in_use = refusal
        try:
            return SocketQueries(listening)
        except OSError:
            if time.monotonic() > deadline:
                raise in_use from None
        time.sleep(0.05)


class _Own(Asked):
    """Owns the directory for as long as it asks."""

    def __init__(self, store: ChdbStore, limits: Limits | None) -> None:
        self._store: Final = store
        self._reader: Final = store.reader(limits)

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        return self._reader.fetch(sql, parameters, form)

    def close(self) -> None:
        self._store.close()
