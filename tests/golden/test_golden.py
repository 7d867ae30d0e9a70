from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.codecs.json import decode_event, encode_event
from schemas.registry import latest_version, registered
from tests.golden import write

GOLDEN = sorted(write.FOLDER.glob("*.json"))
NEWEST = [write.golden_path(kind, latest_version(kind)) for kind, _, _ in registered()]


def holds(today: Any, golden: Any) -> bool:
    """Whether everything in the golden tree is in today's, which may have gained fields."""
    if isinstance(golden, dict):
        return isinstance(today, dict) and all(
            key in today and holds(today[key], value) for key, value in golden.items()
        )
    return bool(today == golden and type(today) is type(golden))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_version_ever_written_is_read_as_the_newest(path: Path) -> None:
    event = decode_event(path.read_bytes())

    kind, _, _ = path.stem.rpartition(".v")
    assert event.kind == kind
    assert latest_version(kind) == event.payload.VERSION


@pytest.mark.parametrize("path", NEWEST, ids=lambda path: path.stem)
def test_reading_and_writing_the_newest_version_loses_nothing(path: Path) -> None:
    golden = path.read_bytes()

    today = encode_event(decode_event(golden))

    assert holds(msgspec.json.decode(today), msgspec.json.decode(golden))


def test_every_version_of_every_kind_has_a_file() -> None:
    expected = {
        write.golden_path(kind, version)
        for kind, _, _ in registered()
        for version in range(1, latest_version(kind) + 1)
    }
    assert expected == set(GOLDEN), "run python -m tests.golden.write and commit what it adds"


def test_the_command_adds_what_is_missing_and_touches_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "FOLDER", tmp_path)
    kept = write.golden_path("order.filled", 1)
    kept.write_text("as it was written once")

    added = set(write.add_missing())

    assert kept.read_text() == "as it was written once"
    assert added | {kept} == {write.golden_path(kind, version) for kind, version, _ in registered()}
    assert list(write.add_missing()) == []


def test_a_lost_field_would_be_seen() -> None:
    assert holds({"a": {"b": 1, "new": None}}, {"a": {"b": 1}})
    assert not holds({"a": {}}, {"a": {"b": 1}})
    assert not holds({"a": {"b": 2}}, {"a": {"b": 1}})
