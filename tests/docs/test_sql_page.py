"""docs/sql.md names every view and column there is, and its examples have answers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.store.chdb import ChdbStore
from projections.store.port import Queries
from projections.tables.catalogue import TABLES
from tests.projections.queries.story import tell

PAGE = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queries]:
    with ChdbStore(tmp_path_factory.mktemp("sql") / "clickhouse") as store:
        tell(store)
        yield store.reader()


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_example_has_an_answer(asking: Queries, number: int) -> None:
    assert asking.query(EXAMPLES[number]).rows != ()


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 10


def test_names_every_view(asking: Queries) -> None:
    views = asking.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    ).rows
    assert {str(name) for (name,) in views} - {"bars"} - set(re.findall(r"`(\w+)`", PAGE)) == set()


@pytest.mark.parametrize("view", TABLES)
def test_names_every_column(asking: Queries, view: str) -> None:
    columns = {str(row[0]) for row in asking.query(f"DESCRIBE {view}").rows}
    assert columns - set(re.findall(r"`([\w.]+)`", PAGE)) == set()
