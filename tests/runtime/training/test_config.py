"""What a training's file may say, and what is said about one that cannot be."""

from pathlib import Path

import pytest

from runtime.config import ConfigError
from runtime.training.config import load_training

GOOD = """
name = "m"
interval = "1m"
[[data]]
paths = ["ticks"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "train.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_taken_from_the_file(tmp_path: Path) -> None:
    config = load_training(written(tmp_path, GOOD))
    assert config.data[0].paths == (str(tmp_path / "ticks"),)


def test_where_files_lie_does_not_change_the_digest(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    one, two = load_training(written(tmp_path, GOOD)), load_training(written(other, GOOD))
    assert one.digest() == two.digest()
    assert one.digest() != load_training(written(other, "stride = 2\n" + GOOD)).digest()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace('"m"', '"Not a name"'), "`name` must be of small letters"),
        ("colour = 1\n" + GOOD, "unknown field `colour`"),
        ('features = "tea leaves"\n' + GOOD, "`features`: .*there are bars, quotes"),
        (GOOD + "[network]\ncontext = 10\n", "`context` must be a multiple of `patch`"),
        (GOOD + "[labels]\nhorizon = 0\n", r"labels\.horizon"),
        ("stride = \n", "Invalid value"),
        (
            "start = 2020-01-02T00:00:00Z\nend = 2020-01-01T00:00:00Z\n" + GOOD,
            "`start` must be before `end`",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_field(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        load_training(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"train\.toml: No such file"):
        load_training(tmp_path / "train.toml")
