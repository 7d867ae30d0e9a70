"""One engine a module: a process can have one at a time, and each leaves a few threads behind."""

from collections.abc import Iterator

import pytest

from projections.store.chdb import ChdbStore
from projections.store.port import Store


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An embedded ClickHouse; not for modules whose tests open directories of their own."""
    with ChdbStore(tmp_path_factory.mktemp("clickhouse") / "clickhouse") as store:
        yield store


@pytest.fixture
def store(engine: Store) -> Store:
    """An embedded ClickHouse in which there is nothing."""
    mine = "SELECT name FROM system.tables WHERE database = currentDatabase()"
    for (name,) in engine.query(mine).rows:
        engine.execute(f"DROP TABLE `{name}` SYNC")
    return engine
