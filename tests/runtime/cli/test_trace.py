"""How times are drawn and written for people."""

import pytest

from runtime.cli.formats import elapsed
from runtime.cli.trace import bar


@pytest.mark.parametrize(
    ("ns", "written"),
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_000, "1.0 µs"),
        (12_345, "12.3 µs"),
        (1_500_000, "1.5 ms"),
        (482_800_000_000, "482.8 s"),
    ],
)
def test_a_stretch_of_time_is_written_in_the_unit_that_shows_it(ns: int, written: str) -> None:
    assert elapsed(ns) == written


@pytest.mark.parametrize(
    ("offset", "length", "drawn"),
    [
        (0, 240, "█" * 24),
        (120, 120, " " * 12 + "█" * 12),
        (0, 10, "█"),
        (0, 5, "▌"),
        (0, 0, "▏"),
        (239, 1, " " * 23 + "▏"),
        (240, 0, " " * 23 + "▏"),
    ],
)
def test_a_bar_stands_where_its_time_was_and_is_never_invisible(
    offset: int, length: int, drawn: str
) -> None:
    assert bar(offset, length, whole=240) == drawn.ljust(24)


def test_a_chain_that_took_no_time_is_drawn_all_the_same() -> None:
    assert bar(0, 0, whole=0) == "▏".ljust(24)
