"""Files that are there wholly or not at all."""

from pathlib import Path

import pytest

from runtime.files import Unwritten, write_whole


def test_writes_over_what_was_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b"a longer text than the new one")
    write_whole(tmp_path / "result.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"result.json": b"new"}


def test_what_was_there_stays_when_the_place_takes_no_data(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b"old")
    (tmp_path / "result.json-new").mkdir()
    with pytest.raises(Unwritten, match=r"result\.json: Is a directory"):
        write_whole(tmp_path / "result.json", b"new")
    assert (tmp_path / "result.json").read_bytes() == b"old"
