"""The home: made once, left alone when it is somebody else's, and held by one process at a time."""

import multiprocessing
import os
from pathlib import Path

import pytest

from runtime.home import SOCKET_PATH_MAX, Home, HomeError, run_id
from tests.support.handmade import write_run


def test_a_home_that_was_made_is_found_again(tmp_path: Path) -> None:
    made = Home.create(tmp_path / "new" / "home")
    assert Home.existing(tmp_path / "new" / "home") == made
    assert made.market.is_dir()
    assert made.clickhouse.is_dir()


def test_making_a_home_twice_keeps_what_is_in_it(tmp_path: Path) -> None:
    Home.create(tmp_path).run_dir("ema").journal.write_bytes(b"steps")
    assert Home.create(tmp_path).run_dir("ema").journal.read_bytes() == b"steps"


def test_a_home_that_is_not_there_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="there is none yet"):
        Home.existing(tmp_path)


def test_a_home_of_another_layout_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("wakeline home 99\n")
    with pytest.raises(HomeError, match="'wakeline home 99'"):
        Home.create(tmp_path)
    assert (tmp_path / "version").read_text() == "wakeline home 99\n"


def test_a_file_in_the_place_of_a_home_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(HomeError, match="taken"):
        Home.create(tmp_path / "taken")


@pytest.mark.parametrize(
    ("strategy", "attempt", "expected"),
    [
        ("ema_cross", 1, "ema-cross-0123abcd"),
        ("strategies/mine.py:DonchianBreakout", 1, "donchian-breakout-0123abcd"),
        ("ema_cross", 3, "ema-cross-0123abcd.3"),
        (":", 1, "run-0123abcd"),
    ],
)
def test_a_run_is_named_by_its_strategy_and_configuration(
    strategy: str, attempt: int, expected: str
) -> None:
    assert run_id(strategy, "0123abcdef", attempt) == expected


def test_runs_are_listed_in_the_order_in_which_they_were_started(home: Home) -> None:
    for number, run in enumerate(("later", "earlier")):
        write_run(home, run)
        os.utime(home.run_dir(run).journal, ns=(0, 10 - number))
    assert [each.run for each in home.runs()] == ["earlier", "later"]
    assert home.find_run().run == home.find_run("latest").run == "later"
    assert home.find_run("previous").run == "earlier"


def test_a_run_is_found_by_the_beginning_of_its_id(home: Home) -> None:
    for run in ("ema-cross-1", "ema-cross-1.2", "donchian-7"):
        write_run(home, run)
    assert home.find_run("don").run == "donchian-7"
    assert home.find_run("ema-cross-1").run == "ema-cross-1"
    with pytest.raises(HomeError, match="more than one run begins so"):
        home.find_run("ema")
    with pytest.raises(HomeError, match="no such run; there are: ema-cross-1, "):
        home.find_run("bollinger")


def test_the_newest_run_is_a_cells_and_a_firms_is_found_by_its_name(home: Home) -> None:
    write_run(home, "ema-cross-1")
    write_run(home, "house-2")
    home.run_dir("house-2").terms.write_text("{}", encoding="utf-8")
    assert [each.run for each in home.journals()] == ["ema-cross-1", "house-2"]
    assert home.find_journal().run == home.find_run().run == "ema-cross-1"
    assert home.find_journal("house").run == "house-2"
    with pytest.raises(HomeError, match="no such run; there are: ema-cross-1"):
        home.find_run("house")


def test_a_home_without_runs_says_how_to_make_one(home: Home) -> None:
    with pytest.raises(HomeError, match="wakeline backtest"):
        home.find_run()


def _hold(path: Path) -> str:
    try:
        with Home.existing(path).held("ingest"):
            return "held"
    except HomeError as error:
        return str(error)


def test_a_home_is_held_by_one_process_at_a_time(home: Home) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as other:
        with home.held("backtest"):
            refused = other.apply(_hold, (home.path,))
        held = other.apply(_hold, (home.path,))
    assert refused.endswith(f"in use by process {os.getpid()} (backtest)")
    assert held == "held"


def test_a_socket_of_a_deep_home_has_a_path_that_systems_allow(tmp_path: Path) -> None:
    near, deep = Home(tmp_path / "h"), Home(tmp_path / ("deep/" * 30))
    assert near.clickhouse_socket.parent in (near.path, Path("/tmp"))
    assert len(os.fsencode(deep.clickhouse_socket)) <= SOCKET_PATH_MAX
    assert deep.clickhouse_socket == Home(deep.path).clickhouse_socket
    assert deep.clickhouse_socket != Home(deep.path / "other").clickhouse_socket
