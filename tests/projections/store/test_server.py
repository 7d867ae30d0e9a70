"""The owner of a directory answers other processes on a local socket."""

import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from projections.store.chdb import ChdbStore
from projections.store.client import SocketQueries
from projections.store.errors import QueryFailed, QueryRefused, StoreInUse, StoreMissing
from projections.store.opening import open_queries
from projections.store.port import Limits, Store
from projections.store.server import QueryServer
from projections.store.wire import receive, send


@pytest.fixture
def listening(tmp_path: Path) -> Path:
    return tmp_path / "clickhouse.sock"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with ChdbStore(tmp_path / "clickhouse") as store:
        store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
        store.insert("t", pa.table({"n": [1, 2, 3]}))
        yield store


@pytest.fixture
def server(store: Store, listening: Path) -> Iterator[QueryServer]:
    with QueryServer(store, listening, Limits(rows_max=1000)) as server:
        yield server


def test_answers_rows_and_columns_as_the_owner_would(
    store: Store, server: QueryServer, listening: Path
) -> None:
    question = "SELECT n, toDecimal256(n, 18) / 8 AS eighth FROM t WHERE n > {n:Int64} ORDER BY n"
    with SocketQueries(listening) as asking:
        assert asking.query(question, {"n": 1}) == store.query(question, {"n": 1})
        assert asking.query_arrow(question, {"n": 1}) == store.query_arrow(question, {"n": 1})


def test_only_its_user_may_open_the_socket(server: QueryServer, listening: Path) -> None:
    assert stat.S_IMODE(listening.stat().st_mode) == 0o600


def test_refuses_to_write_and_stays_open_for_questions(
    server: QueryServer, listening: Path
) -> None:
    with SocketQueries(listening) as asking:
        with pytest.raises(QueryRefused, match="only reading is allowed here, not DROP"):
            asking.query("DROP TABLE t")
        with pytest.raises(QueryFailed, match="Unknown"):
            asking.query("SELECT missing FROM t")
        with pytest.raises(QueryFailed, match="max rows"):
            asking.query("SELECT number FROM numbers(1001)")
        assert asking.query("SELECT count() FROM t").rows == ((3,),)


def test_answers_several_at_once_while_the_owner_inserts(
    store: Store, server: QueryServer, listening: Path
) -> None:
    counts: list[list[int]] = []

    def ask() -> None:
        with SocketQueries(listening) as asking:
            seen = [asking.query("SELECT count() FROM t").rows[0][0] for _ in range(20)]
            counts.append([int(str(count)) for count in seen])

    people = [threading.Thread(target=ask) for _ in range(4)]
    for person in people:
        person.start()
    for n in range(20):
        store.insert("t", pa.table({"n": [n]}))
    for person in people:
        person.join()
    assert len(counts) == 4
    assert all(seen == sorted(seen) and 3 <= seen[0] <= seen[-1] <= 23 for seen in counts)


def test_a_client_that_sends_rubbish_is_told_so(server: QueryServer, listening: Path) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(listening))
        send(connection, b"oops")
        told = receive(connection)
    assert told is not None
    assert b"QueryFailed" in told


def test_a_client_that_hangs_up_disturbs_nobody(server: QueryServer, listening: Path) -> None:
    SocketQueries(listening).close()
    with SocketQueries(listening) as asking:
        assert asking.query("SELECT count() FROM t").rows == ((3,),)


def test_a_question_after_the_owner_left_says_so(store: Store, listening: Path) -> None:
    with QueryServer(store, listening):
        asking = SocketQueries(listening)
        assert asking.query("SELECT 1").rows == ((1,),)
    with pytest.raises(QueryFailed, match="the owner of the store went away"):
        asking.query("SELECT 1")
    asking.close()
    assert not listening.exists()


def test_takes_over_the_socket_that_a_killed_owner_left(store: Store, listening: Path) -> None:
    listening.touch()
    with QueryServer(store, listening), SocketQueries(listening) as asking:
        assert asking.query("SELECT 1").rows == ((1,),)


def test_opens_the_directory_itself_when_nobody_has_it(tmp_path: Path, listening: Path) -> None:
    with ChdbStore(tmp_path / "clickhouse") as store:
        store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
    with open_queries(tmp_path / "clickhouse", listening) as asking:
        assert asking.query("SELECT count() FROM t").rows == ((0,),)
        with pytest.raises(QueryRefused):
            asking.query("DROP TABLE t")
    with ChdbStore(tmp_path / "clickhouse") as store:
        assert store.query("SHOW TABLES").rows == (("t",),)


def test_another_process_asks_the_owner(
    tmp_path: Path, server: QueryServer, listening: Path
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from projections.store.opening import open_queries\n"
        "with open_queries(Path(sys.argv[1]), Path(sys.argv[2])) as asking:\n"
        "    print(asking.query('SELECT sum(n) FROM t').rows)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "clickhouse"), str(listening)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "((6,),)\n"


def test_says_so_when_the_owner_does_not_answer(
    store: Store, tmp_path: Path, listening: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.store.opening._PATIENCE_S", 0.0)
    with pytest.raises(StoreInUse, match="in use by process"):
        open_queries(tmp_path / "clickhouse", listening)


def test_says_so_when_nothing_was_ever_recorded(tmp_path: Path, listening: Path) -> None:
    with pytest.raises(StoreMissing, match="nothing was recorded yet"):
        open_queries(tmp_path / "clickhouse", listening)
    assert not (tmp_path / "clickhouse").exists()
