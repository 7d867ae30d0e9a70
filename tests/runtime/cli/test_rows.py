"""Rows on terminals of any width: no value is cut."""

import pytest
from rich.console import Console

from runtime.cli.rows import show_rows

COLUMNS = ("run", "rule")
ROWS = [("donchian-breakout-bbfab4aa", "max_position"), ("ema-cross-1a2b3c4d", "max_drawdown")]


def shown(width: int) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        show_rows(console, COLUMNS, ROWS)
    return capture.get()


def test_rows_that_fit_are_a_table() -> None:
    lines = shown(60).splitlines()
    assert [line.split() for line in lines] == [list(COLUMNS), *map(list, ROWS)]


def test_rows_that_do_not_fit_stand_one_below_the_other() -> None:
    assert shown(40).splitlines()[:3] == [
        "row 1",
        "  run   donchian-breakout-bbfab4aa",
        "  rule  max_position",
    ]


@pytest.mark.parametrize("width", [40, 60, 200])
def test_every_value_is_whole(width: int) -> None:
    text = shown(width)
    assert all(value in text for row in ROWS for value in row)
