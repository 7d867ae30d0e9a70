"""An embedded engine has one directory, and a directory has one owner."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from projections.store.chdb import ChdbStore
from projections.store.errors import StoreInUse


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "home" / "clickhouse"


def test_what_was_inserted_is_there_after_closing_and_opening_again(directory: Path) -> None:
    with ChdbStore(directory) as store:
        store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
        store.insert("t", pa.table({"n": [1, 2]}))
    with ChdbStore(directory) as store:
        assert store.query("SELECT sum(n) FROM t").rows == ((3,),)


def test_another_directory_can_be_opened_after_the_first_is_closed(tmp_path: Path) -> None:
    with ChdbStore(tmp_path / "a") as store:
        store.execute("CREATE TABLE t (n Int64) ENGINE = Memory")
        store.reader()
    with ChdbStore(tmp_path / "b") as store:
        assert store.query("SHOW TABLES").rows == ()


def test_a_second_owner_is_told_which_process_has_the_directory(directory: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from projections.store.chdb import ChdbStore\n"
        "from projections.store.errors import StoreInUse\n"
        "try: ChdbStore(Path(sys.argv[1]))\n"
        "except StoreInUse as error: print(error)"
    )
    command = [sys.executable, "-c", program, str(directory)]
    with ChdbStore(directory):
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    owner = (directory.parent / "clickhouse.owner").read_text().strip()
    assert result.stdout == f"{directory}: in use by process {owner}\n"


def test_the_same_process_cannot_own_a_directory_twice(directory: Path) -> None:
    with ChdbStore(directory) as store:
        with pytest.raises(StoreInUse):
            ChdbStore(directory)
        assert store.query("SELECT 1").rows == ((1,),)


def test_a_directory_is_free_again_when_its_owner_has_closed_it_twice(directory: Path) -> None:
    store = ChdbStore(directory)
    store.close()
    store.close()
    ChdbStore(directory).close()


def test_acknowledged_rows_survive_kill_9_and_leave_no_lock(directory: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; import pyarrow as pa\n"
        "from projections.store.chdb import ChdbStore\n"
        "store = ChdbStore(Path(sys.argv[1]))\n"
        "store.execute('CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n')\n"
        "store.insert('t', pa.table({'n': list(range(1000))}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    result = subprocess.run([sys.executable, "-c", program, str(directory)], check=False)
    assert result.returncode == -9
    with ChdbStore(directory) as store:
        assert store.query("SELECT count(), sum(n) FROM t").rows == ((1000, 499500),)
