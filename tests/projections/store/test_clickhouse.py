"""A ClickHouse server, where there is one: ``WAKELINE_CLICKHOUSE_URL`` says where."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from projections.store.clickhouse import ClickHouseStore
from projections.store.port import Store
from tests.contracts.store import ReaderContract, StoreContract, prices

__all__ = ["prices"]


@pytest.fixture
def store() -> Iterator[Store]:
    url = os.environ.get("WAKELINE_CLICKHOUSE_URL", "")
    if not url:
        pytest.skip("no ClickHouse server")
    database = f"test_{uuid4().hex}"
    with ClickHouseStore(url) as server:
        server.execute(f"CREATE DATABASE {database}")
        try:
            with ClickHouseStore(urlunsplit(urlsplit(url)._replace(path=database))) as store:
                yield store
        finally:
            server.execute(f"DROP DATABASE {database} SYNC")


class TestClickHouseStore(StoreContract, ReaderContract):
    pass
