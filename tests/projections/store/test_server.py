"""The owner of a directory answers other processes on a local socket."""

import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from projections.store.client import SocketQueries
from projections.store.errors import QueryFailed, QueryRefused
from projections.store.port import Limits, Store
from projections.store.server import QueryServer
from projections.store.wire import receive, send


@pytest.fixture
def listening(tmp_path: Path) -> Path:
    return tmp_path / "clickhouse.sock"


@pytest.fixture
def numbers(store: Store) -> Store:
    store.execute("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n")
    store.insert("t", pa.table({"n": [1, 2, 3]}))
    return store


@pytest.fixture
def server(numbers: Store, listening: Path) -> Iterator[QueryServer]:
    with QueryServer(numbers, listening, Limits(rows_max=1000)) as server:
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
