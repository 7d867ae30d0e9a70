"""A way to ask, whether or not another process owns the directory."""

import subprocess
import sys
from pathlib import Path

import pytest

from projections.store.chdb import ChdbStore
from projections.store.errors import QueryRefused, StoreInUse, StoreMissing
from projections.store.opening import open_queries
from projections.store.server import QueryServer


@pytest.fixture
def listening(tmp_path: Path) -> Path:
    return tmp_path / "clickhouse.sock"


def test_opens_the_directory_itself_when_nobody_has_it(tmp_path: Path, listening: Path) -> None:
    with ChdbStore(tmp_path / "clickhouse") as store:
        store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
    with open_queries(tmp_path / "clickhouse", listening) as asking:
        assert asking.query("SELECT count() FROM t").rows == ((0,),)
        with pytest.raises(QueryRefused):
            asking.query("DROP TABLE t")
    with ChdbStore(tmp_path / "clickhouse") as store:
        assert store.query("SHOW TABLES").rows == (("t",),)


def test_another_process_asks_the_owner(tmp_path: Path, listening: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from projections.store.opening import open_queries\n"
        "with open_queries(Path(sys.argv[1]), Path(sys.argv[2])) as asking:\n"
        "    print(asking.query('SELECT count() FROM t').rows)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "clickhouse"), str(listening)]
    with ChdbStore(tmp_path / "clickhouse") as store, QueryServer(store, listening):
        store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "((0,),)\n"


def test_says_so_when_the_owner_does_not_answer(
    tmp_path: Path, listening: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.store.opening._PATIENCE_S", 0.0)
    in_use = pytest.raises(StoreInUse, match="in use by process")
    with ChdbStore(tmp_path / "clickhouse"), in_use:
        open_queries(tmp_path / "clickhouse", listening)


def test_says_so_when_no_run_was_ever_recorded(tmp_path: Path, listening: Path) -> None:
    with pytest.raises(StoreMissing, match="no run was recorded yet"):
        open_queries(tmp_path / "clickhouse", listening)
    assert not (tmp_path / "clickhouse").exists()
