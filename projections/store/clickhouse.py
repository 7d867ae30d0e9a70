"""A ClickHouse server or cluster: the same SQL through the same client."""

from functools import partial
from typing import Final

import clickhouse_connect

from projections.store.connection import WRITING, Connect, Connection
from projections.store.port import Limits, Queries
from projections.store.reader import Reader


class ClickHouseStore(Connection):
    """A server's database, by a URL such as ``http://user:password@host:8123/database``."""

    def __init__(self, url: str) -> None:
        server: Final[Connect] = partial(clickhouse_connect.get_client, dsn=url)
        super().__init__(server, WRITING)

    def reader(self, limits: Limits | None = None) -> Queries:
        """A connection for questions of strangers."""
        return Reader(self._connect, limits or Limits())
