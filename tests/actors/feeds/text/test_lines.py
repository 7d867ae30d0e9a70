"""Blocks of whole lines, the same from any place on, until a file's damage."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.feeds.errors import Unreadable
from actors.feeds.rows import Place
from actors.feeds.text import lines as module
from actors.feeds.text.lines import Lines, TextFile, first_lines, line_blocks
from tests.actors.feeds.material import FXCM_DAY, written, zipped

FXCM_TEXT = TextFile(FXCM_DAY, "20140501_eurusd_tick_quote.csv")
BLOCK = 1 << 16


def test_blocks_together_are_the_file() -> None:
    found = list(line_blocks(FXCM_TEXT, Place(), BLOCK))
    with FXCM_TEXT.opened() as stream:
        assert b"".join(block.text for block in found) == stream.read()
    assert len(found) > 10
    assert found[-1].end.row == 51_053


def test_reading_from_a_place_gives_the_blocks_that_followed_it() -> None:
    found = list(line_blocks(FXCM_TEXT, Place(), BLOCK))
    for index in (1, 7, len(found) - 1):
        assert list(line_blocks(FXCM_TEXT, found[index].start, BLOCK)) == found[index:]


@given(st.lists(st.text("ab,1", max_size=30), max_size=40), st.integers(1, 64), st.booleans())
def test_any_size_of_block_ends_at_ends_of_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], size: int, ends: bool
) -> None:
    text = "\n".join(rows) + ("\n" if ends and rows else "")
    file = TextFile(written(tmp_path_factory.mktemp("lines") / "a.csv", text))
    found = list(line_blocks(file, Place(), size))
    assert b"".join(block.text for block in found).decode() == text
    assert all(block.text.endswith(b"\n") for block in found[:-1])
    assert [block.start for block in found[1:]] == [block.end for block in found[:-1]]
    assert all(count_lines(block) == block.end.row - block.start.row for block in found)


def count_lines(block: Lines) -> int:
    return len(block.text.decode().removesuffix("\n").split("\n"))


def test_whole_lines_before_a_cut_come_before_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE_BYTES", 1 << 14)
    path = cut_off(tmp_path)
    found = until_damage(path, Place())
    assert found[-1].end.row > 20_000
    assert found[-1].text.endswith(b"\n")
    for block in found[1:]:
        assert until_damage(path, block.start) == found[found.index(block) :]
    assert until_damage(path, found[-1].end) == []


def cut_off(folder: Path) -> Path:
    with FXCM_TEXT.opened() as stream:
        packed = gzip.compress(stream.read())
    path = folder / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    return path


def until_damage(path: Path, start: Place) -> list[Lines]:
    found: list[Lines] = []
    with pytest.raises(Unreadable, match=r"cut\.csv\.gz: the file is damaged"):
        found.extend(line_blocks(TextFile(path), start, BLOCK))
    return found


def test_altered_bytes_of_a_zip_are_damage(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": "1,2\n" * 1000})
    body = bytearray(path.read_bytes())
    body[45] ^= 0xFF
    path.write_bytes(body)
    with pytest.raises(Unreadable, match="damaged"):
        list(line_blocks(TextFile(path, "a.csv"), Place()))


def test_first_lines_come_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufefftime,bid\n1,2\n3,4\n".encode())
    assert first_lines(TextFile(path), 2) == ["time,bid", "1,2"]
