"""ClickHouse in the process. There is one engine a process, so one directory at a time."""

from functools import partial
from pathlib import Path
from typing import Final
from weakref import WeakSet

import clickhouse_connect

from projections.store.connection import WRITING, Connect, Connection
from projections.store.ownership import Ownership
from projections.store.port import Limits, Queries
from projections.store.reader import Reader


class ChdbStore(Connection):
    """A directory of ClickHouse's, owned by this process until it is closed.

    Raises:
        StoreInUse: another process, or another store in this one, owns the directory.
        QueryFailed: this process has an engine running on another directory.
    """

    def __init__(self, path: Path) -> None:
        self._ownership: Final = Ownership(path)
        self._readers: Final = WeakSet[Reader]()
        engine: Final[Connect] = partial(
            clickhouse_connect.get_client, interface="chdb", path=str(path)
        )
        try:
            super().__init__(engine, WRITING)
        except BaseException:
            self._ownership.release()
            raise

    def reader(self, limits: Limits | None = None) -> Queries:
        """A connection for questions of strangers; it ends with the store."""
        reader = Reader(self._connect, limits or Limits())
        self._readers.add(reader)
        return reader

    def close(self) -> None:
        """Stop the engine and give the directory up."""
        # The engine stops with its last connection; only then may somebody else open the directory.
        for reader in tuple(self._readers):
            reader.close()
        super().close()
        self._ownership.release()
